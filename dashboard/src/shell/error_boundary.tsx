import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";

import { Empty } from "../common/states";

/** A fault of one page leaves the others, and the way to them, alone. */
export class ErrorBoundary extends Component<
  { children: ReactNode },
  { error?: Error; at?: string }
> {
  override state: { error?: Error; at?: string } = {};

  static getDerivedStateFromError(error: Error) {
    return { error, at: location.pathname };
  }

  override componentDidUpdate() {
    if (this.state.error && this.state.at !== location.pathname)
      this.setState({ error: undefined, at: undefined });
  }

  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Empty title="This page has a fault">
        <p>{this.state.error.message}</p>
        <Button variant="default" onClick={() => this.setState({ error: undefined })}>
          Show it again
        </Button>
      </Empty>
    );
  }
}
