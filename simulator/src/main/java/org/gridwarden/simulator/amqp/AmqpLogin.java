package org.gridwarden.simulator.amqp;

import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Optional;
import org.apache.qpid.protonj2.engine.sasl.client.SaslCredentialsProvider;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Secret;

/**
 * How a client is proven: by name and password (PLAIN), or by the certificate of the TLS that its
 * socket speaks (EXTERNAL). Immutable.
 *
 * @param name under which it comes
 * @param password empty where its certificate proves it
 */
public record AmqpLogin(String name, Optional<Secret> password) {
  /** By password. */
  public static AmqpLogin plain(String name, Secret password) {
    return new AmqpLogin(name, Optional.of(password));
  }

  /** By the certificate that its socket shows. */
  public static AmqpLogin external(MeterId meter) {
    return new AmqpLogin(meter.value(), Optional.empty());
  }

  @Override
  public String toString() {
    return "AmqpLogin[" + name + "]";
  }

  /** Which mechanism of SASL that is. */
  String mechanism() {
    return password.isPresent() ? "PLAIN" : "EXTERNAL";
  }

  SaslCredentialsProvider credentials() {
    return new SaslCredentialsProvider() {
      @Override
      public String vhost() {
        return "";
      }

      @Override
      public String username() {
        return name;
      }

      @Override
      public String password() {
        return password.map(p -> new String(p.copy(), StandardCharsets.UTF_8)).orElse("");
      }

      @Override
      public Principal localPrincipal() {
        return () -> name;
      }
    };
  }
}
