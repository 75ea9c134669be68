/* global hexo */

// Files that the pages need and that Hexo does not publish by itself: the figures beside the posts, and the style
// sheets and fonts in the folders of npm packages that `publish` in _config.yml names.
'use strict';

const fs = require('fs');
const path = require('path');

const IMAGE = /\.(png|jpe?g|webp|gif|svg)$/i;
const STYLE = /\.(css|woff2?|ttf)$/i;

function filesUnder(folder, wanted) {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && wanted.test(entry.name))
    .map(entry => path.join(entry.parentPath, entry.name));
}

function routes(folder, target, wanted) {
  return filesUnder(folder, wanted).map(file => ({
    path: path.posix.join(target, path.relative(folder, file).split(path.sep).join('/')),
    data: () => fs.createReadStream(file)
  }));
}

hexo.extend.generator.register('figures', () => routes(
  path.join(hexo.source_dir, '_posts'), '', IMAGE
));

hexo.extend.generator.register('packages', () => Object.entries(hexo.config.publish || {}).flatMap(
  ([target, folder]) => routes(path.join(hexo.base_dir, 'node_modules', folder), target, STYLE)
));
