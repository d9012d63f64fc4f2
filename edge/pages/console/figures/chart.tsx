import { h, type VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Drawing, Shape } from './drawing.ts';

const elementOf = ([tag, attributes, content]: Shape, index: number): VNode<object> =>
  h(
    tag as string,
    { key: index, ...attributes },
    typeof content === 'string' ? content : content?.map(elementOf),
  );

/** A chart as wide as the room it has, drawn anew when that changes: its letters keep their size. */
export function Chart(props: {
  readonly height: number;
  readonly draw: (size: { width: number; height: number }) => Drawing;
}) {
  const holder = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(560);
  useLayoutEffect(() => {
    const { current } = holder;
    if (current === null) return;
    const measure = () => setWidth(Math.max(280, current.clientWidth));
    const watching = new ResizeObserver(measure);
    watching.observe(current);
    measure();
    return () => watching.disconnect();
  }, []);
  const drawing = props.draw({ width, height: props.height });
  return (
    <div class="chart" ref={holder}>
      <svg
        role="img"
        aria-label={drawing.label}
        width={drawing.width}
        height={drawing.height}
        viewBox={`0 0 ${drawing.width} ${drawing.height}`}
      >
        {drawing.shapes.map(elementOf)}
      </svg>
    </div>
  );
}
