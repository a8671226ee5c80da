import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconDotsVertical, IconPlus } from "@tabler/icons-react";
import { useState } from "react";

import { call, segment } from "../../api/client";
import { useLive } from "../../api/live";
import { useSession } from "../../api/session";
import type { List, User } from "../../api/types";
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
import { ChangePassword, ChangeRole, CreateUser } from "./user_dialogs";
import classes from "./accounts.module.css";

type Dialog = { what: "create" } | { what: "role" | "password"; user: User };

function Users() {
  const live = useLive<List<User>>("/users?limit=1000");
  const self = useSession().who?.username;
  const [words, setWords] = useQueryState("q");
  const [sort, setSort] = useQueryState("sort", "username");
  const [dialog, setDialog] = useState<Dialog>();
  const [said, setSaid] = useState("");
  const { ask, dialog: question } = useConfirm();

  const remove = (user: User) =>
    ask({
      title: "Delete user",
      verb: "Delete user",
      hurts: true,
      text: (
        <>
          <strong>
            <Name of={user.username} wrap />
          </strong>{" "}
          ({user.role}) will be signed out everywhere and cannot sign in any more. API tokens stay:
          they belong to nobody.
          {user.username === self && (
            <p className={classes.danger}>
              This is you. You will be signed out at once, and only another administrator can let
              you in again.
            </p>
          )}
        </>
      ),
      act: async () => {
        await call("DELETE", `/users/${segment(user.username)}`);
        setSaid(`User ${user.username} has been deleted`);
      },
    });

  const columns: Array<Column<User>> = [
    {
      id: "username",
      title: "User name",
      width: "minmax(9rem, 9fr)",
      sort: "username",
      cell: (user) => (
        <span className={classes.user}>
          <Name of={user.username} />
          {user.username === self && <span className={classes.you}>you</span>}
        </span>
      ),
    },
    {
      id: "role",
      title: "Role",
      width: "minmax(6rem, 5fr)",
      sort: "role",
      cell: (user) => user.role,
    },
    {
      id: "created_at",
      title: "Created",
      width: "minmax(13.5rem, 13fr)",
      sort: "created_at",
      from: 600,
      cell: (user) => <Time at={user.created_at} />,
    },
    {
      id: "actions",
      title: "",
      width: "3.5rem",
      cell: (user) => (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${user.username}`}>
              <IconDotsVertical size={16} stroke={1.6} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setDialog({ what: "role", user })}>Change role</Menu.Item>
            <Menu.Item onClick={() => setDialog({ what: "password", user })}>
              Change password
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => remove(user)}>
              Delete
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];
  const { ref, shown } = useRoom(columns);
  const sorting = parseSorting(sort);
  const all = live.value?.items ?? [];
  const rows = sortRows(
    findRows(all, words, (user) => [user.username, user.role]),
    sorting,
  );
  const close = () => setDialog(undefined);
  const done = (text: string) => {
    setSaid(text);
    close();
  };

  return (
    <Page
      title="Users"
      about="Who may sign in to this page and on the command line, and what they may do."
      actions={
        <Button
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => setDialog({ what: "create" })}
        >
          Create user
        </Button>
      }
    >
      {live.value ? (
        <>
          <div className={classes.tools}>
            <SearchBox label="Find a user" value={words} onChange={setWords} />
            <Said text={said} onGone={() => setSaid("")} />
            <span className="dim num">
              {words ? `${count(rows.length)} of ` : ""}
              {plural(live.value.total, "user")}
            </span>
          </div>
          <div ref={ref}>
            <DataTable
              label="Users"
              columns={shown}
              count={rows.length}
              row={(index) => rows[index]}
              rowKey={(user) => user.username}
              sorting={sorting}
              onSort={(next) => setSort(sortingText(next))}
              maxHeight="calc(100dvh - 14rem)"
              empty={
                all.length === 0 ? (
                  <Empty title="There are no users yet" />
                ) : (
                  <Empty title="No user is called so" />
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
      {dialog?.what === "create" && <CreateUser onClose={close} onDone={done} />}
      {dialog?.what === "role" && <ChangeRole user={dialog.user} onClose={close} onDone={done} />}
      {dialog?.what === "password" && (
        <ChangePassword user={dialog.user} onClose={close} onDone={done} />
      )}
      {question}
    </Page>
  );
}

export default function UsersPage() {
  return (
    <AdminOnly title="Users">
      <Users />
    </AdminOnly>
  );
}
