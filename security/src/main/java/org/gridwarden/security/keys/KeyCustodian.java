package org.gridwarden.security.keys;

import java.io.IOException;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.gridwarden.core.Secret;
import org.gridwarden.security.UnusableKeyException;

/**
 * Who holds the office's private key, and opens with it what was wrapped to its public half: a
 * token beside the machine, or a key service elsewhere. The key itself is never given out.
 * Thread-safe.
 *
 * <p>Others are found by {@link ServiceLoader}, as {@link Factory}; what one must keep to is tested
 * by {@code KeyCustodianContract}.
 */
public interface KeyCustodian extends AutoCloseable {
  /** RSA, of 3,072 bits or more; always the same. */
  RSAPublicKey publicKey();

  /**
   * Opens what RSAES-OAEP with SHA-256 and MGF1 with SHA-256 (RFC 8017, clause 7.1; no label)
   * wrapped to the public key.
   *
   * @return to be closed by the caller
   * @throws UnusableKeyException where it was wrapped to another key, or altered; which of the two
   *     it does not say
   * @throws CustodianException where the custodian does not answer now
   */
  Secret open(byte[] wrapped) throws UnusableKeyException;

  /** Lets go of it. */
  @Override
  void close();

  /** The custodian does not answer: the token was taken away, the service cannot be reached. */
  final class CustodianException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param remedy what happened and what to do
     */
    public CustodianException(String remedy, Throwable cause) {
      super(remedy, cause);
    }
  }

  /** Makes custodians of one kind; found by {@link ServiceLoader}. */
  interface Factory {
    /** The kind, as the configuration names it: {@code pkcs11}. */
    String kind();

    /**
     * Opens one.
     *
     * @param settings as the configuration has them; what is not known is refused
     * @param pin what it asks for before it opens; of length 0 where none is given
     * @throws IOException naming what is wrong and the remedy
     */
    KeyCustodian open(Map<String, String> settings, Secret pin) throws IOException;
  }

  /**
   * Opens a custodian of a kind.
   *
   * @throws IOException where there is no such kind, or it does not open
   */
  static KeyCustodian open(String kind, Map<String, String> settings, Secret pin)
      throws IOException {
    List<Factory> all =
        ServiceLoader.load(Factory.class).stream().map(ServiceLoader.Provider::get).toList();
    for (Factory factory : all) {
      if (factory.kind().equals(kind)) {
        return factory.open(settings, pin);
      }
    }
    throw new IOException(
        "there is no key custodian '"
            + kind
            + "'; there are "
            + String.join(", ", all.stream().map(Factory::kind).sorted().toList())
            + ", and others by a jar on the class path");
  }
}
