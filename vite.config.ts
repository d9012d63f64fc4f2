import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig, type Plugin } from 'vite';

const inPages = (path: string) => fileURLToPath(new URL(`./edge/pages/${path}`, import.meta.url));

/**
 * MediaPipe counts what it does and sends that to its maker once a minute. The page's policy lets it reach nobody but
 * the box; here it is kept from trying. Another version that says it otherwise ends the build.
 */
function withoutReports(): Plugin {
  const begins = 'this.h=setInterval(()=>{this.flush()},6e4)';
  return {
    name: 'without-reports',
    transform: {
      filter: { id: /@mediapipe\/tasks-vision\/vision_bundle/ },
      handler(code) {
        const parts = code.split(begins);
        if (parts.length !== 2) {
          throw new Error('Cannot build: MediaPipe must report at one place, and nowhere else');
        }
        return { code: parts.join('this.error=Error("not told")'), map: null };
      },
    },
  };
}

/** Builds the browser's pages to `dist/pages`, from where the service serves them at `/`. */
export default defineConfig({
  root: inPages(''),
  base: '/',
  plugins: [preact(), withoutReports()],
  build: {
    outDir: fileURLToPath(new URL('./dist/pages', import.meta.url)),
    emptyOutDir: true,
    // Full-Android watches ship old WebViews; 2022 is what this page's own syntax and CSS need.
    target: 'es2022',
    // The page's rules allow files of the box only, not `data:` addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      output: {
        // A service worker is known by its address: it alone bears no hash.
        entryFileNames: ({ name }) => (name === 'watch-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
      input: {
        watch: inPages('watch/index.html'),
        demo: inPages('demo/index.html'),
        console: inPages('console/index.html'),
        camera: inPages('camera/index.html'),
        docs: inPages('docs/index.html'),
        'watch-worker': inPages('watch/worker.ts'),
      },
    },
  },
});
