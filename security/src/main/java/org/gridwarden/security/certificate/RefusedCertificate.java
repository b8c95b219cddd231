package org.gridwarden.security.certificate;

import java.io.Serial;
import java.security.cert.CertificateException;

/** A certificate that is not good for what it was shown for. */
public final class RefusedCertificate extends CertificateException {
  @Serial private static final long serialVersionUID = 1L;

  private final Why why;

  /** Why not (C23). */
  public enum Why {
    MISSING("no certificate was shown"),
    MALFORMED("the certificate cannot be read"),
    WRONG_ISSUER("this office did not issue it"),
    EXPIRED("it has expired"),
    NOT_YET_VALID("it is not valid yet"),
    WRONG_USAGE("it is not for this use"),
    WRONG_NAME("it names somebody else than may stand here"),
    REVOKED("it was revoked");

    private final String words;

    Why(String words) {
      this.words = words;
    }

    /** In words. */
    public String words() {
      return words;
    }
  }

  /** Refuses one. */
  public RefusedCertificate(Why why) {
    super(why.words());
    this.why = why;
  }

  /** Why. */
  public Why why() {
    return why;
  }

  /** The refusal behind a failed handshake, if that was it. */
  public static java.util.Optional<RefusedCertificate> behind(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; at != null && depth < 8; depth++) {
      if (at instanceof RefusedCertificate refused) {
        return java.util.Optional.of(refused);
      }
      at = at.getCause();
    }
    return java.util.Optional.empty();
  }
}
