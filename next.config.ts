import createMdx from "@next/mdx";
import type { NextConfig } from "next";
import { sandboxHeaders } from "./bin/sandbox-headers.mjs";

const isDevelopment = process.env.NODE_ENV === "development";

/**
 * What the app's own pages may load. 'unsafe-inline' for scripts is Next's inline data on static
 * pages and our theme script; a nonce would make every page dynamic. React's development build
 * evaluates code and talks to its server over a socket; production does neither.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${isDevelopment ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
  "worker-src 'self'",
  "frame-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join("; ");

const config: NextConfig = {
  pageExtensions: ["ts", "tsx", "mdx"],
  reactStrictMode: true,
  poweredByHeader: false,
  async headers() {
    return [
      {
        source: "/:path*",
        headers: [
          { key: "Content-Security-Policy", value: CONTENT_SECURITY_POLICY },
          { key: "X-Content-Type-Options", value: "nosniff" },
          { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
          {
            key: "Permissions-Policy",
            value:
              "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
          },
        ],
      },
      // The later entry wins for a header that both have: the frame has a policy of its own.
      { source: "/sandbox/:path*", headers: sandboxHeaders() },
    ];
  },
};

// Turbopack hands loader options over as data: plugins, once there are any, by name only.
export default createMdx({ options: {} })(config);
