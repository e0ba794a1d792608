extension ReportPage {
    /// The style sheet of pages; charts bring their own.
    static var styleSheet: String {
        """
        :root{color-scheme:light dark;\(variables(ChartTheme.light))--page:#f5f6f8;--border:#dfe2e7;--link:#2458c5;
        --good:#0b6b50;--good-soft:#e1f4ec;--warning:#7a5200;--warning-soft:#fff3d6;--bad:#a52a1e;--bad-soft:#fde9e6;
        --neutral-soft:#eef1f6}
        @media (prefers-color-scheme:dark){:root{\(variables(ChartTheme.dark))--page:#0d0f13;--border:#2a2f37;
        --link:#8ab2ff;--good:#6fdcb4;--good-soft:#10302a;--warning:#f2c665;--warning-soft:#352a10;--bad:#ff9c8f;
        --bad-soft:#3b1916;--neutral-soft:#1d222a}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.55 \(ChartTheme.fontStack)}
        header,main,footer{max-width:1080px;margin:0 auto;padding:0 24px}
        header{padding-top:48px}
        .kicker{margin:0 0 8px;font-size:13px;font-weight:600;letter-spacing:.08em;text-transform:uppercase;
        color:var(--link)}
        h1{margin:0;font-size:34px;line-height:1.2;letter-spacing:-.015em;text-wrap:balance}
        h2{margin:0 0 4px;font-size:22px;line-height:1.3;letter-spacing:-.01em}
        p{margin:12px 0;max-width:75ch}
        .introduction{color:var(--muted)}
        header .introduction{font-size:17px;margin:12px 0 0}
        .facts{display:flex;flex-wrap:wrap;gap:8px;margin:20px 0 0;padding:0;list-style:none}
        .facts li{padding:3px 11px;border:1px solid var(--border);border-radius:99px;background:var(--surface);
        font-size:13px;color:var(--muted)}
        nav{display:flex;flex-wrap:wrap;gap:4px 20px;margin-top:24px;padding-top:16px;
        border-top:1px solid var(--border);font-size:14px}
        nav a{color:var(--link);text-decoration:none}
        nav a:hover{text-decoration:underline}
        section{padding-top:44px}
        .card,details,.tile,.chain li{background:var(--surface);border:1px solid var(--border);border-radius:12px}
        figure{margin:16px 0;padding:6px;overflow-x:auto}
        figure svg{display:block;width:100%;height:auto}
        figure svg.zk-wide{min-width:620px}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
        .tile{display:flex;flex-direction:column;padding:14px 16px}
        .tile .label{font-size:13px;color:var(--muted)}
        .tile .value{font-size:25px;font-weight:650;line-height:1.35;letter-spacing:-.01em;
        font-variant-numeric:tabular-nums}
        .tile .note{font-size:13px;color:var(--muted)}
        .tile.good .value{color:var(--good)}.tile.warning .value{color:var(--warning)}
        .tile.bad .value{color:var(--bad)}
        .callout{margin:16px 0;padding:14px 18px;border-radius:12px;border-left:4px solid currentColor}
        .callout p{margin:4px 0 0;max-width:none;color:var(--ink)}
        .callout.neutral{color:var(--link);background:var(--neutral-soft)}
        .callout.good{color:var(--good);background:var(--good-soft)}
        .callout.warning{color:var(--warning);background:var(--warning-soft)}
        .callout.bad{color:var(--bad);background:var(--bad-soft)}
        .scroll{margin:16px 0;overflow-x:auto}
        table{width:100%;border-collapse:collapse;font-size:14px}
        caption{padding:12px 16px 4px;text-align:left;font-weight:600}
        th,td{padding:9px 16px;text-align:left;vertical-align:top}
        th{font-size:13px;font-weight:600;color:var(--muted);white-space:nowrap}
        thead th{border-bottom:1px solid var(--axis)}
        tbody tr+tr td{border-top:1px solid var(--grid)}
        tfoot td{border-top:1px solid var(--axis);font-weight:600}
        .number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
        .tone-good,.tone-bad{display:inline-block;padding:0 9px;border-radius:99px;font-size:13px;font-weight:600}
        .tone-good{color:var(--good);background:var(--good-soft)}
        .tone-bad{color:var(--bad);background:var(--bad-soft)}
        .tone-strong{font-weight:650}
        details{margin:12px 0;padding:0 16px;overflow:hidden}
        summary{padding:12px 0;font-weight:600;cursor:pointer}
        details .card{border:0;border-top:1px solid var(--border);border-radius:0;margin:0 -16px}
        details p{margin:0 0 12px;color:var(--muted)}
        .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:16px;margin:16px 0}
        .columns>*{margin:0}
        pre{margin:16px 0;padding:14px 18px;overflow-x:auto}
        code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        .chain{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:14px 26px;margin:16px 0;
        padding:0;list-style:none;overflow:hidden}
        .chain li{position:relative;display:flex;flex-direction:column;padding:10px 14px;font-size:13px}
        .chain li+li::before{content:'';position:absolute;left:-27px;top:50%;width:26px;
        border-top:2px solid var(--axis)}
        .chain code{color:var(--link)}
        .chain span{color:var(--muted)}
        footer{padding-top:40px;padding-bottom:56px;font-size:13px;color:var(--muted)}
        @media (max-width:600px){header,main,footer{padding-left:16px;padding-right:16px}header{padding-top:28px}
        h1{font-size:26px}th,td{padding:8px 10px}.tiles{grid-template-columns:repeat(auto-fit,minmax(130px,1fr))}}
        @media print{:root{color-scheme:light;\(variables(ChartTheme.light))--page:#fff}body{font-size:12px}
        header,main,footer{max-width:none;padding-left:0;padding-right:0}nav{display:none}
        section{padding-top:24px}
        .card,.tile,.callout,.chain li,tr{break-inside:avoid}h2{break-after:avoid}
        details::details-content{content-visibility:visible;height:auto;opacity:1}}

        """
    }

    private static func variables(_ scheme: ChartTheme.Scheme) -> String {
        "--surface:\(scheme.surface);--ink:\(scheme.ink);--muted:\(scheme.muted);--grid:\(scheme.grid);--axis:\(scheme.axis);"
    }
}
