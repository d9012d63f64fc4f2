import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { PageParts } from './page-parts.ts';
import { say } from './words.ts';

type Loaded = { readonly Page: ComponentType<PageParts> };

/**
 * A page whose script is fetched when it is first gone to, so that the first page opens without the others' weight.
 *
 *     const SetupPage = later(() => import('./setup/page.tsx'));
 */
export function later(load: () => Promise<Loaded>): ComponentType<PageParts> {
  let loaded: Loaded | undefined;
  return function Later(parts: PageParts) {
    const [page, setPage] = useState(loaded);
    const [failed, setFailed] = useState(false);
    const fetchPage = () => {
      setFailed(false);
      load().then(
        (found) => {
          loaded = found;
          setPage(found);
        },
        () => setFailed(true),
      );
    };
    useEffect(() => {
      if (page === undefined) fetchPage();
    }, []);
    if (page !== undefined) return <page.Page {...parts} />;
    if (!failed) return <div aria-busy="true" />;
    return (
      <p class="empty-page" role="alert">
        {say(parts.language, 'pageNotLoaded')}{' '}
        <button type="button" onClick={fetchPage}>
          {say(parts.language, 'again')}
        </button>
      </p>
    );
  };
}
