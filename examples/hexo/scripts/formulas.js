/* global hexo */

// The style sheet of formulas, and formulas in headings.
'use strict';

const { escapeHTML, url_for: urlFor } = require('hexo-util');
const katex = require('katex');

hexo.extend.injector.register('head_end', () =>
  `<link rel="stylesheet" href="${escapeHTML(urlFor.call(hexo, hexo.config.katex_css))}">`
);

// KaTeX writes each formula as MathML, as TeX and as HTML. Tables of contents show the bare text of a heading, so
// that each sign would stand there three times: in headings a formula is HTML alone.
const prepared = new WeakSet();

hexo.extend.filter.register('markdown-it:renderer', parser => {
  if (prepared.has(parser)) return;
  prepared.add(parser);
  const { options } = hexo.config.markdown.plugins.find(plugin => plugin.name === '@renbaoshuo/markdown-it-katex');
  parser.core.ruler.push('formulas_in_headings', ({ tokens }) => {
    tokens.filter((token, index) => index > 0 && tokens[index - 1].type === 'heading_open')
      .flatMap(token => token.children)
      .filter(token => token.type === 'math_inline')
      .forEach(token => { token.type = 'math_in_heading'; });
  });
  parser.renderer.rules.math_in_heading = (tokens, index) =>
    katex.renderToString(tokens[index].content, { ...options, output: 'html' });
});
