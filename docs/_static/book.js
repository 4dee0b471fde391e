// Small things: a moving picture stands still for those who asked for stillness; and a page that has
// instruments fetches them, where modules can be had (not from file://).
(() => {
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const freeze = (image) => {
    const draw = () => {
      const canvas = document.createElement('canvas');
      canvas.width = image.naturalWidth;
      canvas.height = image.naturalHeight;
      canvas.getContext('2d').drawImage(image, 0, 0);
      image.src = canvas.toDataURL();
    };
    if (image.complete && image.naturalWidth) draw();
    else image.addEventListener('load', draw, { once: true });
  };
  document.addEventListener('DOMContentLoaded', () => {
    if (still.matches) document.querySelectorAll('img[src$=".gif"]').forEach(freeze);
    if (document.querySelector('[data-instrument]') && location.protocol !== 'file:') import('./interactive/index.js');
  });
})();
