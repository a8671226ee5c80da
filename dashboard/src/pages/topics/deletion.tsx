import { call, segment } from "../../api/client";
import type { Subscription, Topic } from "../../api/types";
import type { Question } from "../../common/confirm";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import classes from "./topics.module.css";

/** The questions before what hurts, in one place: each names what it hurts. */

export function deletion(topic: Topic, then?: () => void): Question {
  return {
    title: "Delete topic",
    text: (
      <>
        <Name of={topic.name} wrap /> is deleted, with its {plural(topic.messages, "message")} and
        its {plural(topic.subscriptions, "subscription")}
        {topic.attached > 0 &&
          `, ${count(topic.attached)} of them of clients that are connected now`}
        . This cannot be undone.
        {topic.from_file && (
          <div className={classes.also}>
            It stands in the server&apos;s configuration file: the server will make it anew, empty,
            when it starts again.
          </div>
        )}
      </>
    ),
    verb: "Delete topic",
    hurts: true,
    act: async () => {
      await call("DELETE", `/topics/${segment(topic.name)}`);
      then?.();
    },
  };
}

export function clearingTopic(topic: Topic, then: (deleted: number) => void): Question {
  return {
    title: "Clear topic",
    text: (
      <>
        All {plural(topic.messages, "message")} of <Name of={topic.name} wrap /> are deleted, also
        those that still wait for its {plural(topic.subscriptions, "subscription")}. This cannot be
        undone.
      </>
    ),
    verb: "Delete all messages",
    hurts: true,
    act: async () => {
      const done = await call<{ deleted: number }>("POST", `/topics/${segment(topic.name)}:clear`);
      then(done.deleted);
    },
  };
}

export function clearingQueue(of: Subscription, then: (deleted: number) => void): Question {
  return {
    title: "Clear queue",
    text: (
      <>
        {plural(of.depth, "message")} of <Name of={of.topic_name} wrap /> that wait for{" "}
        <Name of={of.client_id} wrap /> are taken out of the queue: the client will not get them.
        Other subscriptions keep theirs.
      </>
    ),
    verb: "Clear queue",
    hurts: true,
    act: async () => {
      const path = `/subscriptions/${segment(of.sub_key)}:clear`;
      then((await call<{ deleted: number }>("POST", path)).deleted);
    },
  };
}

export function unsubscription(of: Subscription, then: () => void): Question {
  return {
    title: "Unsubscribe client",
    text: (
      <>
        <Name of={of.client_id} wrap /> gets nothing more of <Name of={of.topic_name} wrap />, and
        its queue of {plural(of.depth, "message")} goes. {notice(of)}
      </>
    ),
    verb: "Unsubscribe",
    hurts: true,
    act: async () => {
      await call("DELETE", `/subscriptions/${segment(of.sub_key)}`);
      then();
    },
  };
}

function notice(of: Subscription): string {
  return of.connection_id ? "It is connected now." : "It is away now.";
}
