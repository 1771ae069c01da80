"""The CAHPS Analysis Program 4.1c, respondent by respondent: slow, in the order of its steps, nothing summed ahead.

It shares no code with ours, so that the two can be held to each other where no vector of the program is at hand.
"""

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Call:
    """One call of the program, with its own names."""

    plan: list[str]
    items: np.ndarray
    adjusters: np.ndarray
    low: float
    high: float
    boxes: list[tuple[float, float]]
    remainder: int
    child: np.ndarray | None = None
    wgtresp: np.ndarray | None = None
    wgtmean: np.ndarray | None = None
    wgtplan: bool = False
    impute: bool = False
    even_wgt: int = 1
    k: int = 1
    smoothing: float = 0.0
    adultkid: int = 0
    split: dict[str, str] = field(default_factory=dict)
    newplan: dict[str, tuple[str, float]] = field(default_factory=dict)
    subset: dict[str, str] = field(default_factory=dict)
    centred_in_subsets: bool = False


def program(call: Call) -> dict:
    """Everything the program tells of one measure."""
    plan = np.array(call.plan)
    n = len(plan)
    wr = np.ones(n) if call.wgtresp is None else np.nan_to_num(call.wgtresp)
    wm = np.ones(n) if call.wgtmean is None else np.nan_to_num(call.wgtmean)
    there = (wr != 0) & (wm != 0)
    child = np.zeros(n) if call.child is None else call.child
    if call.adultkid == 2:
        there &= child == 1
    if call.adultkid == 3:
        there &= child != 1
    plan, wr, wm, child = plan[there], wr[there], wm[there], child[there]
    y, x = call.items[there].copy(), call.adjusters[there].copy()
    alln = {p: int((plan == p).sum()) for p in np.unique(plan)}
    if call.impute:
        for p in alln:
            for a in range(x.shape[1]):
                here = (plan == p) & ~np.isnan(x[:, a])
                if here.any():
                    x[(plan == p) & np.isnan(x[:, a]), a] = x[here, a].mean()
    with_child = call.adultkid == 1 and x.shape[1] > 0
    ok = ~np.isnan(x).any(axis=1) & (~np.isnan(y)).any(axis=1)
    if with_child:
        ok &= ~np.isnan(child)
    plan, wr, wm, child, y, x = plan[ok], wr[ok], wm[ok], child[ok], y[ok], x[ok]
    if with_child:
        x = np.column_stack([x, x * child[:, None], child])
    weights_from = (plan.copy(), y.copy(), wr.copy())
    usen = {p: int((plan == p).sum()) for p in np.unique(plan)}
    kept = sorted(p for p, count in usen.items() if count > 1)
    ok = np.isin(plan, kept)
    plan, wr, wm, y, x = plan[ok], wr[ok], wm[ok], y[ok], x[ok]
    out = run(call, kept, plan, wr, wm, y, x, weights_from, usen, True)
    out["alln"] = alln
    bars = {}
    for b, (low, high) in enumerate(call.boxes):
        if b != call.remainder:
            box = np.where(np.isnan(y), np.nan, ((y >= low) & (y <= high)).astype(float))
            bars[b] = run(call, kept, plan, wr, wm, box, x, (plan, box, wr), usen, False)
    reported = list(next(iter(bars.values()))["adj_mean"]) if bars else kept
    out["adj_bars"] = {p: [bars[b]["adj_mean"][p] if b in bars else 1 - sum(bar["adj_mean"][p] for bar in bars.values())
                           for b in range(len(call.boxes))] for p in reported}
    return out


def run(call, kept, plan, wr, wm, y, x, weights_from, usen, variances):
    items, adjusters = y.shape[1], x.shape[1]
    in_plan = {p: plan == p for p in kept}
    # item weights
    w = {p: np.ones(items) for p in kept}
    if items > 1:
        _, all_y, all_wr = weights_from
        for p in kept:
            if call.even_wgt == 1:
                counts = np.array([min((~np.isnan(y[in_plan[p], i])).sum(), call.k) for i in range(items)], float)
            elif call.even_wgt == 0:
                counts = (~np.isnan(all_y)).sum(axis=0).astype(float)
            else:
                counts = np.array([all_wr[~np.isnan(all_y[:, i])].sum() for i in range(items)])
            w[p] = counts / counts.sum()
    # unadjusted means
    def means(weight):
        return {p: np.array([np.average(y[m, i], weights=weight[m]) if (m := in_plan[p] & ~np.isnan(y[:, i])).any()
                             else np.nan for i in range(items)]) for p in kept}

    def composite(mean):
        if items == 1 or call.even_wgt != 1:
            return {p: np.nansum(mean[p] * w[p]) for p in kept}
        level = np.nanmean(np.array([mean[p] for p in kept]), axis=0)
        return {p: np.nansum((mean[p] - level) * w[p]) + np.nanmean(level) for p in kept}

    una, uwt = composite(means(wm)), composite(means(np.ones(len(wm))))
    plan_wgt = {p: float(items) for p in kept}
    if call.wgtplan:
        plan_wgt = {p: sum(wm[in_plan[p] & ~np.isnan(y[:, i])].sum() for i in range(items)) for p in kept}
    # case mix, item by item
    yhat = dict.fromkeys(kept, 0.0)
    residual = np.full(y.shape, np.nan)
    coefficients, rsq = [], []
    for i in range(items):
        answered = ~np.isnan(y[:, i])
        xbar = {p: x[in_plan[p] & answered].mean(axis=0) for p in kept if (in_plan[p] & answered).any()}
        ybar = {p: y[in_plan[p] & answered, i].mean() for p in xbar}
        subsets = {call.subset.get(p, "") if call.centred_in_subsets else "" for p in kept}
        splits = sorted({call.split.get(p, "") for p in kept})
        for split in splits:
            mine = [p for p in xbar if call.split.get(p, "") == split]
            rows = np.concatenate([np.flatnonzero(in_plan[p] & answered) for p in mine]) if mine else np.array([], int)
            xd = np.array([x[r] - xbar[plan[r]] for r in rows]).reshape(len(rows), adjusters)
            yd = np.array([y[r, i] - ybar[plan[r]] for r in rows])
            if adjusters == 0:
                residual[rows, i] = yd
                continue
            design = np.column_stack([np.ones(len(rows)), xd])
            root = np.sqrt(wr[rows])
            beta = np.linalg.lstsq(design * root[:, None], yd * root, rcond=None)[0]
            residual[rows, i] = yd - design @ beta
            centre_mean = np.average(yd, weights=wr[rows])
            rsq.append(1 - (wr[rows] * residual[rows, i]**2).sum() / (wr[rows] * (yd - centre_mean)**2).sum())
            coefficients.append(beta[1:])
            for subset in subsets:
                of_splits = []
                for other in splits:
                    those = [p for p in xbar if call.split.get(p, "") == other
                             and (not call.centred_in_subsets or call.subset.get(p, "") == subset)]
                    if those:
                        of_splits.append(np.average([xbar[p] for p in those], axis=0,
                                                    weights=[plan_wgt[p] for p in those]))
                centre = np.mean(of_splits, axis=0)
                for p in mine:
                    if not call.centred_in_subsets or call.subset.get(p, "") == subset:
                        yhat[p] += w[p][i] * (beta[0] + (centre - xbar[p]) @ beta[1:])
    # variances
    vp, left = {}, {}
    for p in kept:
        term = np.zeros(in_plan[p].sum())
        plain = np.zeros(in_plan[p].sum())
        for i in range(items):
            e, weight = residual[in_plan[p], i], wr[in_plan[p]]
            answered = ~np.isnan(e)
            if answered.any():
                bar = np.average(e[answered], weights=weight[answered])
                term[answered] += w[p][i] * (e[answered] - bar) / weight[answered].sum()
                plain[answered] += w[p][i] * e[answered] / answered.sum()
        vp[p] = float(((wr[in_plan[p]] * term) ** 2).sum()) if variances else 0.0
        left[p] = plain
    if call.smoothing:
        free = {p: usen[p] - 1 for p in kept}
        sbar = sum(free[p] * vp[p] for p in kept) / sum(free.values())
        vp = {p: (call.smoothing * sbar + free[p] * vp[p]) / (call.smoothing + free[p]) for p in kept}
    table = {p: {"una": una[p], "uwt": uwt[p], "adj": una[p] + yhat[p], "vp": vp[p], "wgt": plan_wgt[p],
                 "usen": usen[p]} for p in kept}
    if call.newplan:
        merged = {}
        for new in sorted({call.newplan[p][0] for p in kept}):
            mine = [p for p in kept if call.newplan[p][0] == new]
            share = {p: call.newplan[p][1] / sum(call.newplan[q][1] for q in mine) for p in mine}
            merged[new] = {key: sum(table[p][key] * share[p] for p in mine) for key in ("una", "uwt", "adj")}
            merged[new] |= {"vp": sum(table[p]["vp"] * share[p] ** 2 for p in mine)}
            merged[new] |= {key: sum(table[p][key] for p in mine) for key in ("wgt", "usen")}
        table = merged
    out = {"coefficients": coefficients, "rsq": rsq, "residuals": left, "adj_mean": {}, "units": {}}
    groups = ([[p for p in table if call.subset[p] == s] for s in sorted({call.subset[p] for p in table})]
              if call.centred_in_subsets else [list(table)])
    adjusting = adjusters
    for group in groups:
        out.update(star([table[p] for p in group], adjusting))
        for p, adj, delta, se in zip(group, out.pop("adj"), out.pop("delta"), out.pop("se"), strict=True):
            out["adj_mean"][p] = adj
            out["units"][p] = table[p] | {"adj": adj, "delta": delta, "se": se}
    return out


def star(rows, adjusters):
    wgt = np.array([r["wgt"] for r in rows])
    una, adj, vp = (np.array([r[key] for r in rows]) for key in ("una", "adj", "vp"))
    ov = np.average(una, weights=wgt)
    adj = adj + ov - np.average(adj, weights=wgt)
    sure = vp == 0
    out = {"ov_mean": ov, "adj": adj, "delta": adj - ov,
           "se": np.sqrt(vp * (1 - 2 * wgt / wgt.sum()) + (vp * wgt**2).sum() / wgt.sum() ** 2)}
    if not sure.all():
        gm = (adj[~sure] * wgt[~sure] / vp[~sure]).sum() / (wgt[~sure] / vp[~sure]).sum()
        out["gm"] = gm
        if len(rows) > 1:
            out["f"] = ((adj[~sure] - gm) ** 2 / vp[~sure]).sum() / (len(rows) - 1)
    out["dfe"] = max(sum(r["usen"] for r in rows) - len(rows) - adjusters, 1)
    return out
