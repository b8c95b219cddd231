package org.gridwarden.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;
import org.springframework.core.io.Resource;

/** Files out of the class path: they do not change while the server runs. */
final class StaticFiles {
  private static final Map<String, String> ETAGS = new ConcurrentHashMap<>();

  private StaticFiles() {}

  /** A sum over the content: jars built reproducibly all have the same date. */
  static String etag(Resource resource) {
    return ETAGS.computeIfAbsent(resource.getDescription(), key -> "W/\"" + sum(resource) + "\"");
  }

  private static String sum(Resource resource) {
    CRC32C sum = new CRC32C();
    try (InputStream in = resource.getInputStream()) {
      byte[] content = in.readAllBytes();
      sum.update(content);
      return Long.toHexString(sum.getValue()) + "-" + Integer.toHexString(content.length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
