import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { call, segment } from "../../api/client";
import { useLive } from "../../api/live";
import type { List, Token, TokenCreated } from "../../api/types";
import { useConfirm } from "../../common/confirm";
import { count, plural } from "../../common/format";
import { Name } from "../../common/name";
import { Page } from "../../common/page";
import { useQueryState } from "../../common/query_state";
import { useRoom } from "../../common/room";
import { findRows } from "../../common/rows";
import { SearchBox } from "../../common/search_box";
import { sortRows } from "../../common/sort_rows";
import { Empty, Failed, Loading } from "../../common/states";
import { DataTable, parseSorting, sortingText, type Column } from "../../common/table";
import { Time } from "../../common/time";
import { AdminOnly } from "./admin_only";
import { Said } from "../../common/said";
import { CreateToken, ShowToken } from "./token_dialogs";
import classes from "./accounts.module.css";

function Tokens() {
  const live = useLive<List<Token>>("/tokens?limit=1000");
  const [words, setWords] = useQueryState("q");
  const [sort, setSort] = useQueryState("sort", "name");
  const [creates, setCreates] = useState(false);
  const [made, setMade] = useState<TokenCreated>();
  const [said, setSaid] = useState("");
  const { ask, dialog } = useConfirm();

  const remove = (token: Token) =>
    ask({
      title: "Delete token",
      verb: "Delete token",
      hurts: true,
      text: (
        <>
          Whatever uses the token{" "}
          <strong>
            <Name of={token.name} wrap />
          </strong>{" "}
          ({token.role}) is refused from now on. This cannot be undone.
          {token.name === "environment" && (
            <p className={classes.caution}>
              It comes from MUSTER_ADMIN_TOKEN: the next start of the server makes it again as long
              as that is set.
            </p>
          )}
        </>
      ),
      act: async () => {
        await call("DELETE", `/tokens/${segment(token.id)}`);
        setSaid(`Token ${token.name} has been deleted`);
      },
    });

  const columns: Array<Column<Token>> = [
    {
      id: "name",
      title: "Name",
      width: "minmax(9rem, 9fr)",
      sort: "name",
      cell: (token) => <Name of={token.name} />,
    },
    {
      id: "role",
      title: "Role",
      width: "minmax(5.5rem, 5fr)",
      sort: "role",
      cell: (token) => token.role,
    },
    {
      id: "created_at",
      title: "Created",
      width: "minmax(13.5rem, 13fr)",
      sort: "created_at",
      from: 600,
      cell: (token) => <Time at={token.created_at} />,
    },
    {
      id: "id",
      title: "Id",
      width: "minmax(16.5rem, 16fr)",
      from: 900,
      cell: (token) => <Name of={token.id} mono dim />,
    },
    {
      id: "actions",
      title: "",
      width: "5.5rem",
      align: "end",
      cell: (token) => (
        <Button
          variant="subtle"
          color="red"
          size="compact-sm"
          aria-label={`Delete ${token.name}`}
          onClick={() => remove(token)}
        >
          Delete
        </Button>
      ),
    },
  ];
  const { ref, shown } = useRoom(columns);
  const sorting = parseSorting(sort);
  const all = live.value?.items ?? [];
  const rows = sortRows(
    findRows(all, words, (token) => [token.name, token.role, token.id]),
    sorting,
  );

  return (
    <Page
      title="API tokens"
      about="What programs and the command line say who they are with."
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreates(true)}>
          Create token
        </Button>
      }
    >
      {live.value ? (
        <>
          <div className={classes.tools}>
            <SearchBox label="Find a token" value={words} onChange={setWords} />
            <Said text={said} onGone={() => setSaid("")} />
            <span className="dim num">
              {words ? `${count(rows.length)} of ` : ""}
              {plural(live.value.total, "token")}
            </span>
          </div>
          <div ref={ref}>
            <DataTable
              label="API tokens"
              columns={shown}
              count={rows.length}
              row={(index) => rows[index]}
              rowKey={(token) => token.id}
              sorting={sorting}
              onSort={(next) => setSort(sortingText(next))}
              maxHeight="calc(100dvh - 14rem)"
              empty={
                all.length === 0 ? (
                  <Empty title="There are no API tokens yet">
                    Create one for each program that calls the admin endpoint.
                  </Empty>
                ) : (
                  <Empty title="No token is called so" />
                )
              }
            />
          </div>
        </>
      ) : live.problem ? (
        <Failed error={live.problem} />
      ) : (
        <Loading />
      )}
      {creates && (
        <CreateToken
          onClose={() => setCreates(false)}
          onDone={(token) => {
            setCreates(false);
            setMade(token);
          }}
        />
      )}
      {made && <ShowToken made={made} onClose={() => setMade(undefined)} />}
      {dialog}
    </Page>
  );
}

export default function TokensPage() {
  return (
    <AdminOnly title="API tokens">
      <Tokens />
    </AdminOnly>
  );
}
