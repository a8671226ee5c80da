import { Button, Loader, SegmentedControl, Switch, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState, type ReactNode } from "react";

import { count, plural } from "../../common/format";
import { useQueryParams } from "../../common/query_params";
import { useRoom } from "../../common/room";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable } from "../../common/table";
import { messageColumns } from "./message_columns";
import { MessageView } from "./message_view";
import { useFollow, useMessages } from "./use_messages";
import classes from "./topics.module.css";

export interface MessagesProps {
  /** Where the messages are: `/topics/…` or `/subscriptions/…`. */
  base: string;
  /** What they are messages of, for people. */
  of: ReactNode;
  /** A text that is another one whenever there are other messages. */
  stamp: string;
  /** How many there are now. */
  total: number;
  /** What stands in the place of messages when there are none. */
  empty: ReactNode;
  /** Whether who is here may delete; where a message is deleted from, in words. */
  deletes?: string;
  actions?: ReactNode;
}

/** Browse, search, look at one, delete one. */
export function Messages(props: MessagesProps) {
  const { base, stamp, total } = props;
  const [query, setQuery] = useQueryParams();
  const order = query.get("order") === "asc" ? "asc" : "desc";
  const text = query.get("text") ?? "";
  const opened = query.get("message");
  const [settled] = useDebouncedValue(text, 300);
  const { query: pages, rows, renew, onlyFirst } = useMessages({ base, order, text: settled });

  const scroller = useRef<HTMLDivElement>(null);
  const [follow, setFollow] = useState(true);
  const [top, setTop] = useState(true);
  // Whoever reads further down, or one message, is not to lose the place.
  const following = follow && order === "desc" && !settled && onlyFirst && top && !opened;
  const shown = useRef(stamp);
  const renewAll = useCallback(() => {
    shown.current = stamp;
    void renew();
  }, [renew, stamp]);
  useFollow(stamp, following, renewAll);
  useEffect(() => {
    shown.current = stamp;
    // another list has been asked for
  }, [base, order, settled]);

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const onRange = useCallback(
    (first: number, last: number) => {
      const atTop = first === 0 && (scroller.current?.scrollTop ?? 0) < 8;
      setTop(atTop);
      // A search may read the whole log for little: it goes on when it is told to.
      if (!settled && !atTop && hasNextPage && !isFetchingNextPage && last > rows.length - 15)
        void fetchNextPage();
    },
    [settled, hasNextPage, isFetchingNextPage, fetchNextPage, rows.length],
  );
  const { ref, width, shown: columns } = useRoom(messageColumns);

  return (
    <div className={classes.stack}>
      <div className={classes.tools}>
        <TextInput
          type="search"
          aria-label="Search in messages"
          placeholder="Search in the data"
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={pages.isFetching && text ? <Loader size={14} /> : undefined}
          value={text}
          onChange={(event) => setQuery({ text: event.currentTarget.value })}
          className={classes.search}
        />
        <SegmentedControl
          aria-label="Order"
          size="xs"
          value={order}
          onChange={(next) => setQuery({ order: next === "asc" ? "asc" : undefined })}
          data={[
            { value: "desc", label: "Newest first" },
            { value: "asc", label: "Oldest first" },
          ]}
        />
        {order === "desc" && !text && (
          <Switch
            label="Follow"
            checked={follow}
            onChange={(event) => setFollow(event.currentTarget.checked)}
            title="New messages come in by themselves while the table is at its top"
          />
        )}
        <span className={classes.push} />
        {!following && shown.current !== stamp && (
          <Button
            variant="light"
            size="xs"
            onClick={() => {
              scroller.current?.scrollTo({ top: 0 });
              renewAll();
            }}
          >
            Show what has changed
          </Button>
        )}
        {props.actions}
      </div>
      <div ref={ref}>
        {pages.isPending && <Loading what="Loading messages" />}
        {pages.isError && <Failed error={pages.error} retry={() => void pages.refetch()} />}
        {pages.isSuccess && (
          <DataTable
            label="Messages"
            columns={columns}
            room={width}
            count={rows.length}
            row={(index) => rows[index]}
            rowKey={(message) => message.msg_id}
            onOpen={(message) => setQuery({ message: message.msg_id })}
            onRange={onRange}
            scroller={scroller}
            rowHeight={36}
            maxHeight="max(20rem, 100dvh - 22rem)"
            empty={settled ? <Empty title="No message has this in its data" /> : props.empty}
          />
        )}
      </div>
      {pages.isSuccess && (
        <div className={`dim ${classes.below}`}>
          <span>
            {settled
              ? `${plural(rows.length, "message")} found${hasNextPage ? " so far" : ""}`
              : `${count(rows.length)} of ${plural(total, "message")} loaded`}
          </span>
          {hasNextPage && (
            <Button
              variant="default"
              size="compact-xs"
              loading={isFetchingNextPage}
              onClick={() => void fetchNextPage()}
            >
              {settled ? "Search further" : "Load more"}
            </Button>
          )}
        </div>
      )}
      <MessageView
        base={base}
        of={props.of}
        id={opened}
        deletes={props.deletes}
        onClose={() => setQuery({ message: undefined })}
        onDeleted={() => {
          setQuery({ message: undefined });
          renewAll();
        }}
      />
    </div>
  );
}
