import type { CSSProperties, JSX } from 'react';

/** The custom property that controls take their colour from. */
export function tint(colour: string): CSSProperties {
  return { '--tint': colour } as CSSProperties;
}

export function Swatch({ colour }: { readonly colour: string }): JSX.Element {
  return <span className="swatch" style={tint(colour)} aria-hidden />;
}
