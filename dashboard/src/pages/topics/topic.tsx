import { Button, Tabs } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";

import { segment } from "../../api/client";
import { useLive } from "../../api/live";
import { useMay } from "../../api/session";
import type { Topic as Described } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import { Page } from "../../common/page";
import { useQueryParams } from "../../common/query_params";
import { Said } from "../../common/said";
import { Empty, Failed, Loading } from "../../common/states";
import { visible } from "../../common/visible";
import { Definition } from "./definition";
import { clearingTopic, deletion } from "./deletion";
import { Messages } from "./messages";
import { Publish } from "./publish";
import { Publishers } from "./publishers";
import { Subscriptions } from "./subscriptions";
import { Tag } from "./tag";
import { TopicFacts } from "./topic_facts";
import classes from "./topics.module.css";

/** A topic: what it does, its messages, who reads and who writes, how it is defined. */
export default function Topic(props: { name: string }) {
  const { name } = props;
  const path = `/topics/${segment(name)}`;
  const { value: topic, problem } = useLive<Described>(path);
  const title = visible(name, 120);

  if (problem?.status === 404 || (!topic && problem))
    return (
      <Page title={title} heading={<Name of={name} wrap />} about={<Up />}>
        {problem.status === 404 ? (
          <Empty title={topic ? "This topic has been deleted" : "There is no such topic"}>
            <Link href="/topics">All topics</Link>
          </Empty>
        ) : (
          <Failed error={problem} />
        )}
      </Page>
    );
  if (!topic)
    return (
      <Page title={title} heading={<Name of={name} wrap />} about={<Up />}>
        <Loading what="Loading the topic" />
      </Page>
    );
  return <Present topic={topic} path={path} title={title} />;
}

function Up() {
  return <Link href="/topics">Topics</Link>;
}

function Present(props: { topic: Described; path: string; title: string }) {
  const { topic, path, title } = props;
  const operator = useMay("operator");
  const admin = useMay("admin");
  const [, go] = useLocation();
  const [query, setQuery] = useQueryParams();
  const { ask, dialog } = useConfirm();
  const [said, setSaid] = useState("");

  const tabs = [
    { value: "messages", label: "Messages", size: topic.messages },
    { value: "subscriptions", label: "Subscriptions", size: topic.subscriptions },
    { value: "publishers", label: "Publishers" },
    ...(operator ? [{ value: "publish", label: "Publish" }] : []),
    { value: "definition", label: "Definition" },
  ];
  const wanted = query.get("tab");
  const tab = tabs.find((each) => each.value === wanted)?.value ?? "messages";
  // What a tab keeps in the address is its own.
  const open = (next: string | null) =>
    setQuery({
      tab: next === "messages" || !next ? undefined : next,
      sort: undefined,
      search: undefined,
      text: undefined,
      order: undefined,
      message: undefined,
    });

  // On a narrow page the tabs scroll.
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const chosen = list.current?.querySelector("[aria-selected=true]");
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [tab]);

  const heading = (
    <span className={classes.named}>
      <Name of={topic.name} wrap />
      {!topic.is_active && <Tag kind="warn">inactive</Tag>}
      {!topic.durable && <Tag>in memory</Tag>}
    </span>
  );
  return (
    <Page
      title={title}
      heading={heading}
      about={<Up />}
      actions={
        <>
          <Said text={said} onGone={() => setSaid("")} />
          {admin && (
            <Button
              variant="light"
              color="red"
              onClick={() => ask(deletion(topic, () => go("/topics")))}
            >
              Delete topic
            </Button>
          )}
        </>
      }
    >
      <TopicFacts topic={topic} />
      <Tabs value={tab} onChange={open} keepMounted={false}>
        <Tabs.List className={classes.tabs} ref={list}>
          {tabs.map((each) => (
            <Tabs.Tab key={each.value} value={each.value}>
              {each.label}
              {each.size !== undefined && (
                <span className={`dim num ${classes.size}`}>{count(each.size)}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="messages" pt="md">
          <Messages
            base={path}
            of={<Name of={topic.name} wrap />}
            stamp={`${topic.last_seq}/${topic.messages}`}
            total={topic.messages}
            deletes={operator ? ", for all subscriptions" : undefined}
            empty={
              <Empty title="There are no messages">
                {topic.last_published_at
                  ? "What was published has expired, was deleted, or is no longer kept."
                  : "Nothing has been published yet."}
              </Empty>
            }
            actions={
              operator && (
                <Button
                  variant="default"
                  size="xs"
                  disabled={topic.messages === 0}
                  onClick={() =>
                    ask(
                      clearingTopic(topic, (deleted) =>
                        setSaid(`${plural(deleted, "message")} deleted`),
                      ),
                    )
                  }
                >
                  Clear topic
                </Button>
              )
            }
          />
        </Tabs.Panel>
        <Tabs.Panel value="subscriptions" pt="md">
          <Subscriptions path={path} total={topic.subscriptions} />
        </Tabs.Panel>
        <Tabs.Panel value="publishers" pt="md">
          <Publishers path={path} />
        </Tabs.Panel>
        {operator && (
          <Tabs.Panel value="publish" pt="md" keepMounted>
            <Publish topic={topic} path={path} />
          </Tabs.Panel>
        )}
        <Tabs.Panel value="definition" pt="md">
          <Definition topic={topic} path={path} />
        </Tabs.Panel>
      </Tabs>
      {dialog}
    </Page>
  );
}
