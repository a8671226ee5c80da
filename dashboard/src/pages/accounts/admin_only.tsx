import type { ReactNode } from "react";

import { useMay } from "../../api/session";
import { Page } from "../../common/page";
import { Empty } from "../../common/states";

/** A page that is the administrators' alone; others who follow a link there are told so. */
export function AdminOnly(props: { title: string; children: ReactNode }) {
  if (useMay("admin")) return props.children;
  return (
    <Page title={props.title}>
      <Empty title="This page is for administrators">Your role does not show it.</Empty>
    </Page>
  );
}
