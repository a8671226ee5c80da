import { Button } from "@mantine/core";
import { useState } from "react";
import { Link, useLocation } from "wouter";

import { segment } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Subscription as Described } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { plural } from "../../common/format";
import { Name } from "../../common/name";
import { Page, Panel } from "../../common/page";
import { Said } from "../../common/said";
import { Empty, Failed, Loading } from "../../common/states";
import { visible } from "../../common/visible";
import { to } from "../../shell/routes";
import { clearingQueue, unsubscription } from "./deletion";
import { Messages } from "./messages";
import { SubscriptionFacts } from "./subscription_facts";
import { Tag } from "./tag";
import classes from "./topics.module.css";

/** The queue of one subscription: what waits for its client. */
export default function Subscription(props: { subKey: string }) {
  const { subKey } = props;
  const path = `/subscriptions/${segment(subKey)}`;
  const { value: of, problem } = useLive<Described>(path);
  if (problem?.status === 404 || (!of && problem))
    return (
      <Page title="Subscription">
        {problem.status === 404 ? (
          <Empty title={of ? "This subscription has ended" : "There is no such subscription"}>
            {of ? (
              <Link href={`${to.topic(of.topic_name)}?tab=subscriptions`}>
                Subscriptions of <Name of={of.topic_name} />
              </Link>
            ) : (
              <Link href="/topics">All topics</Link>
            )}
          </Empty>
        ) : (
          <Failed error={problem} />
        )}
      </Page>
    );
  if (!of)
    return (
      <Page title="Subscription">
        <Loading what="Loading the subscription" />
      </Page>
    );
  return <Present of={of} path={path} />;
}

function Present(props: { of: Described; path: string }) {
  const { of, path } = props;
  const operator = useMay("operator");
  const [, go] = useLocation();
  const { ask, dialog } = useConfirm();
  const [said, setSaid] = useState("");
  const topic = to.topic(of.topic_name);
  return (
    <Page
      title={`Queue of ${visible(of.client_id, 80)}`}
      heading={
        <span className={classes.named}>
          <span className={classes.clamp}>
            <Name of={of.client_id} wrap max={200} />
          </span>
          {!of.connection_id && <Tag kind="warn">away</Tag>}
          {of.durable && <Tag>durable</Tag>}
        </span>
      }
      about={
        <>
          Subscription to{" "}
          <Link href={topic}>
            <Name of={of.topic_name} />
          </Link>
        </>
      }
      actions={
        <>
          <Said text={said} onGone={() => setSaid("")} />
          {operator && (
            <Button
              variant="light"
              color="red"
              onClick={() => ask(unsubscription(of, () => go(`${topic}?tab=subscriptions`)))}
            >
              Unsubscribe
            </Button>
          )}
        </>
      }
    >
      <Panel>
        <SubscriptionFacts of={of} />
      </Panel>
      <Messages
        base={path}
        of={
          <>
            the queue of <Name of={of.client_id} wrap />
          </>
        }
        stamp={`${of.depth}/${of.delivered}/${of.acked_seq}/${of.dropped}`}
        total={of.depth}
        deletes={operator ? "; other subscriptions keep it" : undefined}
        empty={
          <Empty title="Nothing waits">
            {of.connection_id
              ? "What is published is delivered at once."
              : "Nothing has been published since the client went away."}
          </Empty>
        }
        actions={
          operator && (
            <Button
              variant="default"
              size="xs"
              disabled={of.depth === 0}
              onClick={() =>
                ask(
                  clearingQueue(of, (deleted) =>
                    setSaid(`${plural(deleted, "message")} taken out`),
                  ),
                )
              }
            >
              Clear queue
            </Button>
          )
        }
      />
      {dialog}
    </Page>
  );
}
