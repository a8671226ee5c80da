import { Panel } from "../../common/page";
import classes from "./reference.module.css";

/** What holds for all calls. */
export function Intro() {
  const origin = window.location.origin;
  return (
    <article className={classes.article}>
      <Panel title="What holds for all calls">
        <div className={classes.prose}>
          <p>
            This page, the command line and your own programs use the same calls. They stand below{" "}
            <code>{origin}/api/v1</code>, take and answer JSON, and names have underscores.
          </p>
          <h3>Who one is</h3>
          <p>
            A program sends an API token: <code>Authorization: Bearer TOKEN</code>. This page has a
            session: a cookie, and the header <code>X-CSRF-Token</code> on every call that changes
            something. A viewer reads, an operator also acts on connections and messages, an
            administrator also manages channels, topics, users and tokens.
          </p>
          <h3>Lists</h3>
          <p>
            They take <code>limit</code>, <code>cursor</code>, <code>sort</code> (a field&apos;s
            name, with <code>-</code> in front from the greatest to the least) and{" "}
            <code>fields</code>, and answer <code>items</code>, <code>total</code> and{" "}
            <code>next_cursor</code>.
          </p>
          <h3>Changes</h3>
          <p>
            <code>PATCH</code> merges what it gets into what is there; <code>null</code> puts a
            field back to its default. With <code>If-Match</code> it is refused when somebody else
            has been faster (412). A call with an <code>Idempotency-Key</code> that is sent again is
            not done again.
          </p>
          <h3>Errors</h3>
          <p>
            <code>application/problem+json</code> with a stable <code>code</code>, a sentence in{" "}
            <code>detail</code> and, where one is at fault, the <code>field</code>. Names in paths
            are percent-encoded.
          </p>
        </div>
      </Panel>
    </article>
  );
}
