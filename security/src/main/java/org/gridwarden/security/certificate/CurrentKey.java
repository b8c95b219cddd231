package org.gridwarden.security.certificate;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** Shows the credential that is current when it is asked, so that renewal needs no restart. */
public final class CurrentKey extends X509ExtendedKeyManager {
  private static final String EC = "EC";
  private static final int KEPT = 4;

  private final Supplier<Credential> current;
  private final AtomicLong number = new AtomicLong();

  /** A handshake asks by name for what it chose: the last few stay there for those under way. */
  private final ConcurrentMap<Long, Credential> named = new ConcurrentHashMap<>();

  public CurrentKey(Supplier<Credential> current) {
    super();
    this.current = current;
  }

  private synchronized String alias() {
    Credential now = current.get();
    long last = number.get();
    if (now.equals(named.get(last))) {
      return Long.toString(last);
    }
    long fresh = number.incrementAndGet();
    named.put(fresh, now);
    named.remove(fresh - KEPT);
    return Long.toString(fresh);
  }

  private Optional<Credential> of(@Nullable String alias) {
    return alias == null ? Optional.empty() : Optional.ofNullable(named.get(Long.parseLong(alias)));
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
    for (String type : types) {
      if (type.equals(EC)) {
        return alias();
      }
    }
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return type.equals(EC) ? alias() : null;
  }

  @Override
  public @Nullable String chooseEngineClientAlias(
      String[] types, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseClientAlias(types, issuers, null);
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String type, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return chooseServerAlias(type, issuers, null);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(@Nullable String alias) {
    return of(alias).map(c -> c.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(@Nullable String alias) {
    return of(alias).map(Credential::key).orElse(null);
  }

  @Override
  public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String[] getServerAliases(String type, Principal @Nullable [] issuers) {
    return new String[] {alias()};
  }

  @Override
  public String toString() {
    return "CurrentKey";
  }
}
