/* global hexo */

// A post shows on pages other than its own (home, archives, feeds), where an address relative to the post leads
// nowhere: addresses of images and covers are made relative to the site.
'use strict';

const { url_for: urlFor } = require('hexo-util');

const ELSEWHERE = /^([a-z][a-z0-9+.-]*:|\/|#)/i;

function fromRoot(address, postPath) {
  if (!address || ELSEWHERE.test(address)) return address;
  const folder = postPath.split('/').slice(0, -1).map(part => `${encodeURIComponent(part)}/`).join('');
  return urlFor.call(hexo, `/${folder}${address}`);
}

hexo.extend.filter.register('after_post_render', post => {
  if (post.layout !== 'post') return post;
  post.content = post.content.replace(
    /(<img\b[^>]*?\ssrc=")([^"]*)(")/g, (_, before, address, after) => before + fromRoot(address, post.path) + after
  );
  if (typeof post.cover === 'string') post.cover = fromRoot(post.cover, post.path);
  return post;
});
