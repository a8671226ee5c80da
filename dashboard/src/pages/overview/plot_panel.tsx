import { Plot, type Series } from "../../common/plot";
import { shownSeconds } from "./data";
import classes from "./plots.module.css";

/** One line, and its value of now. */
export interface Line extends Series {
  now: number | null | undefined;
}

/** A plot of the last quarter of an hour; its lines are explained by their values of now. */
export function PlotPanel(props: {
  title: string;
  about?: string;
  times: number[];
  lines: Line[];
  /** Instead of the values of all lines. */
  summary?: string;
  format: (value: number | null | undefined) => string;
  height: number;
  top?: number;
  steps?: number[];
}) {
  const { title, lines, format } = props;
  return (
    <section className={classes.panel}>
      <header className={classes.top}>
        <h3 className={classes.title} title={props.about}>
          {title}
        </h3>
        <div className={classes.legend}>
          {props.summary ??
            lines.map((each) => (
              <span key={each.label} className={classes.entry}>
                {lines.length > 1 && (
                  <>
                    <span
                      className={classes.swatch}
                      style={{ background: `var(--${each.color ?? "accent"})` }}
                    />
                    <span>{each.label}</span>
                  </>
                )}
                <span className={classes.now}>{format(each.now)}</span>
              </span>
            ))}
        </div>
      </header>
      <Plot
        label={`${title}, last 15 minutes`}
        times={props.times}
        series={lines}
        format={format}
        height={props.height}
        top={props.top}
        steps={props.steps}
        seconds={shownSeconds}
        sync="overview"
      />
    </section>
  );
}
