package org.gridwarden.security.staple;

import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.spi.URLStreamHandlerProvider;
import org.jspecify.annotations.Nullable;

/** Makes addresses of the scheme {@code gridwarden-status} known to Java. */
public final class StatusScheme extends URLStreamHandlerProvider {
  /** For the service loader. */
  public StatusScheme() {
    super();
  }

  @Override
  public @Nullable URLStreamHandler createURLStreamHandler(String scheme) {
    if (!scheme.equals(StapledStatus.SCHEME)) {
      return null;
    }
    return new URLStreamHandler() {
      @Override
      protected URLConnection openConnection(URL address) {
        return new StatusConnection(address);
      }
    };
  }
}
