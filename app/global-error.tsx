'use client';
import './globals.css';

/** The last net: even the layout failed, so no messages and no theme cookie here; both languages stand side by side. */
export default function GlobalError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <main className="mx-auto grid min-h-dvh max-w-lg place-content-center gap-3 px-6">
          <h1>The panel could not draw this page</h1>
          <p>The host is untouched: containers run on without the panel. {error.digest ? `Event ${error.digest} in the panel's log has the details.` : "The panel's log has the details."}</p>
          <p lang="zh">面板无法显示此页面。主机不受影响：没有面板，容器照常运行。详情见面板日志{error.digest ? `（事件 ${error.digest}）` : ''}。</p>
          <p><button type="button" onClick={reset} className="rounded-md bg-accent px-3 py-2 font-medium text-accent-ink">Try again · 重试</button></p>
        </main>
      </body>
    </html>
  );
}
