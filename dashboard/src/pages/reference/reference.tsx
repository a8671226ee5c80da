import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { Link } from "wouter";

import { base, get, withQuery } from "../../api/client";
import { plural } from "../../common/format";
import { Page } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { SearchBox } from "../../common/search_box";
import { Empty, Failed, Loading } from "../../common/states";
import { CallList } from "./call_list";
import { CallView } from "./call_view";
import { Intro } from "./intro";
import { SchemaView } from "./schema_view";
import { callsOf, findCalls, type Document } from "./spec";
import classes from "./reference.module.css";

export default function Reference() {
  const { data, error, refetch } = useQuery({
    queryKey: ["openapi"],
    queryFn: ({ signal }) => get<Document>("/openapi.json", {}, signal),
    staleTime: 60_000,
  });
  return (
    <Page
      title="API reference"
      about={data && `${data.info.title} ${data.info.version}`}

      actions={
        <Button component="a" href={`${base}/openapi.json`} target="_blank" variant="default">
          OpenAPI document
        </Button>
      }
    >
      {data ? (
        <Body document={data} />
      ) : error ? (
        <Failed error={error} retry={() => void refetch()} />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function Body({ document }: { document: Document }) {
  const [words, setWords] = useQueryState("q");
  const [callId] = useQueryState("call");
  const [schemaName] = useQueryState("schema");
  const calls = useMemo(() => callsOf(document), [document]);
  const found = useMemo(() => findCalls(calls, words), [calls, words]);
  const all = document.components?.schemas ?? {};
  const schemas = Object.keys(all)
    .filter((name) => name.includes(words.trim().toLowerCase()))
    .sort();
  const call = calls.find((each) => each.id === callId);
  const schema = all[schemaName];
  const chosen = callId || schemaName;

  // What has been chosen begins at the top, also for those who hear the page.
  const main = useRef<HTMLDivElement>(null);
  const before = useRef(chosen);
  useEffect(() => {
    if (before.current === chosen) return;
    before.current = chosen;
    if (!chosen) return;
    main.current?.scrollIntoView({ block: "start" });
    main.current?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }, [chosen]);

  return (
    <div className={classes.frame} data-chosen={chosen ? true : undefined}>
      <div className={classes.side}>
        <div className={classes.search}>
          <SearchBox label="Find a call" value={words} onChange={setWords} />
          <div className={`dim num ${classes.total}`} role="status">
            {words ? `${plural(found.length, "call")} found` : plural(calls.length, "call")}
          </div>
        </div>
        {found.length + schemas.length > 0 ? (
          <CallList
            calls={found}
            schemas={schemas}
            here={callId || (schemaName && `schema ${schemaName}`)}
            hrefOf={(kind, name) => withQuery("/reference", { q: words, [kind]: name })}
          />
        ) : (
          <Empty title="No call is like that" />
        )}
      </div>
      <div className={classes.main} ref={main}>
        {chosen && (
          <Link href={withQuery("/reference", { q: words })} className={classes.all}>
            All calls
          </Link>
        )}
        {call ? (
          <CallView call={call} document={document} />
        ) : schema ? (
          <SchemaView name={schemaName} schema={schema} calls={calls} />
        ) : chosen ? (
          <Empty title="There is no such call">
            It may have been one of another version of the server.
          </Empty>
        ) : (
          <Intro />
        )}
      </div>
    </div>
  );
}
