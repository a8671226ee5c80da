import { Loader } from "@mantine/core";
import { lazy, Suspense, useEffect, useState, type ReactNode } from "react";
import { Route, Switch } from "wouter";
import { useBrowserLocation } from "wouter/use-browser-location";

import { resumeSession } from "./api/client";
import { useSession } from "./api/session";
import { Page } from "./common/page";
import { Empty, Failed } from "./common/states";
import { ErrorBoundary } from "./shell/error_boundary";
import { nameIn } from "./shell/routes";
import { Shell } from "./shell/shell";
import { SignInPage } from "./shell/sign_in";

const Overview = lazy(() => import("./pages/overview/overview"));
const Channels = lazy(() => import("./pages/channels/channels"));
const Channel = lazy(() => import("./pages/channels/channel"));
const Connections = lazy(() => import("./pages/connections/connections"));
const Connection = lazy(() => import("./pages/connection/connection"));
const Topics = lazy(() => import("./pages/topics/topics"));
const Topic = lazy(() => import("./pages/topics/topic"));
const Subscription = lazy(() => import("./pages/topics/subscription"));
const Operation = lazy(() => import("./pages/operations/operation"));
const Services = lazy(() => import("./pages/services/services"));
const Users = lazy(() => import("./pages/accounts/users"));
const Tokens = lazy(() => import("./pages/accounts/tokens"));
const Reference = lazy(() => import("./pages/reference/reference"));

export function App() {
  const { phase } = useSession();
  const [failure, setFailure] = useState<unknown>();
  const [tries, setTries] = useState(0);

  useEffect(() => {
    setFailure(undefined);
    resumeSession().catch(setFailure);
  }, [tries]);

  if (phase === "unknown")
    return failure ? (
      <Failed error={failure} what="The dashboard cannot start" retry={() => setTries(tries + 1)} />
    ) : null;
  if (phase === "out") return <SignInPage />;
  return (
    <Shell>
      <ErrorBoundary>
        <Suspense fallback={<Waiting />}>
          <Switch>
            <Route path="/" component={Overview} />
            <Route path="/overview" component={Overview} />
            {/* Whoever has signed in at this address goes to the front page. */}
            <Route path="/sign-in" component={Overview} />
            <Route path="/channels" component={Channels} />
            <Route path="/channels/:name">
              <Named is={(name) => <Channel key={name} name={name} />} />
            </Route>
            <Route path="/connections" component={Connections} />
            <Route path="/connections/:id">
              <Named is={(id) => <Connection key={id} id={id} />} />
            </Route>
            <Route path="/topics" component={Topics} />
            <Route path="/topics/:name">
              <Named is={(name) => <Topic key={name} name={name} />} />
            </Route>
            <Route path="/subscriptions/:id">
              <Named is={(id) => <Subscription key={id} subKey={id} />} />
            </Route>
            <Route path="/operations/:id">
              <Named is={(id) => <Operation key={id} id={id} />} />
            </Route>
            <Route path="/services" component={Services} />
            <Route path="/users" component={Users} />
            <Route path="/tokens" component={Tokens} />
            <Route path="/reference" component={Reference} />
            <Route>
              <Page title="Not here">
                <Empty title="There is no page at this address" />
              </Page>
            </Route>
          </Switch>
        </Suspense>
      </ErrorBoundary>
    </Shell>
  );
}

/** The thing that the address names; pages of one kind have no state in common. */
function Named(props: { is: (name: string) => ReactNode }) {
  const [path] = useBrowserLocation();
  return props.is(nameIn(path));
}

function Waiting() {
  return (
    <div style={{ display: "grid", placeItems: "center", padding: "4rem" }}>
      <Loader size="sm" />
    </div>
  );
}
