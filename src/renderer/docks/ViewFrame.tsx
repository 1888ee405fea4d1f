import { Puzzle, TriangleAlert } from 'lucide-react';
import { Component, type JSX, type ReactNode } from 'react';
import { Button, EmptyState } from '../../ui/index.ts';
import { componentOf } from './view-registry.ts';

/** One view, fenced: what it throws is shown in its place, and the others go on. */
export function ViewFrame(props: { readonly title: string; readonly component: string }): JSX.Element {
  const View = componentOf(props.component);
  if (View === null) {
    return (
      <EmptyState icon={<Puzzle size={28} strokeWidth={1.5} aria-hidden />} title={`${props.title} cannot be shown`}>
        This window has no component "{props.component}". The plugin that brings it may be missing or have failed.
      </EmptyState>
    );
  }
  return (
    <ViewBoundary title={props.title}>
      <View />
    </ViewBoundary>
  );
}

interface BoundaryProps {
  readonly title: string;
  readonly children: ReactNode;
}

class ViewBoundary extends Component<BoundaryProps, { readonly failure: Error | null }> {
  override state = { failure: null };

  static getDerivedStateFromError(failure: unknown): { readonly failure: Error } {
    return { failure: failure instanceof Error ? failure : new Error(String(failure)) };
  }

  override componentDidCatch(failure: unknown): void {
    console.error(`The view ${this.props.title} failed`, failure);
  }

  override render(): ReactNode {
    const { failure } = this.state as { readonly failure: Error | null };
    if (failure === null) return this.props.children;
    return (
      <div role="alert" style={{ height: '100%' }}>
        <EmptyState
          icon={<TriangleAlert size={28} strokeWidth={1.5} aria-hidden />}
          title={`${this.props.title} failed`}
          actions={<Button onClick={() => this.setState({ failure: null })}>Show again</Button>}
        >
          {failure.message}
        </EmptyState>
      </div>
    );
  }
}
