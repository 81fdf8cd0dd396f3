import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { BEFORE_PAINT } from "../components/ui/before-paint.ts";
import { code, prose, screen } from "./fonts.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Architecting Reactive Systems · Steady State", template: "%s · Steady State" },
  description:
    "An interactive course whose lessons run: build an online shop from processes and messages, break it on purpose, and change it until it holds.",
  applicationName: "Steady State",
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#faf9f6" },
    { media: "(prefers-color-scheme: dark)", color: "#141d27" },
  ],
};

/** The frame of every page: fonts, the reader's own settings before the first paint, a skip link. */
export default function RootLayout({ children }: { readonly children: ReactNode }) {
  return (
    // The script below sets the theme and the splits on this element before React sees it.
    <html
      lang="en"
      className={`${prose.variable} ${screen.variable} ${code.variable}`}
      suppressHydrationWarning
    >
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: our own constant; it must run before the first paint. */}
        <script dangerouslySetInnerHTML={{ __html: BEFORE_PAINT }} />
      </head>
      <body>
        <a className="skip-link" href="#content">
          Skip to the content
        </a>
        {children}
      </body>
    </html>
  );
}
