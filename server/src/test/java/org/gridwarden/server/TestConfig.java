package org.gridwarden.server;

import java.nio.file.Path;
import java.util.Map;

/** A configuration for tests: every port is a free one, the log is quiet. */
final class TestConfig {
  private TestConfig() {}

  static GridwardenConfig in(Path folder) {
    return in(folder, "");
  }

  /**
   * @param channels more of them, a line each
   */
  static GridwardenConfig in(Path folder, String channels) {
    return GridwardenConfig.parse(
            """
            console: {port: 0, sessions: 1000}
            est: {bind: 127.0.0.1, port: 0}
            channels:
              dlms:
                plaintext: allowed
                tls: {bind: 127.0.0.1, port: 0}
                dtls: {bind: 127.0.0.1, port: 0}
                tcp: {bind: 127.0.0.1, port: 0}
                udp: {bind: 127.0.0.1, port: 0}
            %scollection: {enabled: false}
            logging: {level: warn}
            """
                .formatted(channels),
            "test",
            Map.of())
        .withData(folder.resolve("data"));
  }
}
