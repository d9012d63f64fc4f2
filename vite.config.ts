import { fileURLToPath } from 'node:url';
import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const inPages = (path: string) => fileURLToPath(new URL(`./edge/pages/${path}`, import.meta.url));

/** Builds the browser's pages to `dist/pages`, from where the service serves them at `/`. */
export default defineConfig({
  root: inPages(''),
  base: '/',
  plugins: [preact()],
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
        docs: inPages('docs/index.html'),
        'watch-worker': inPages('watch/worker.ts'),
      },
    },
  },
});
