package org.gridwarden.security.certificate;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where others find the lists of what is revoked, ask about one certificate, and fetch the issuing
 * authorities: an address that stands in certificates for as long as they last.
 *
 * @param base by http or https, without a stroke at its end
 */
public record PublicPlace(String base) {
  private static final int LONGEST = 200;

  /**
   * @throws IllegalArgumentException where that is no address for it; the message says what one is
   */
  public PublicPlace {
    while (base.endsWith("/")) {
      base = base.substring(0, base.length() - 1);
    }
    URI uri;
    try {
      uri = new URI(base);
    } catch (URISyntaxException e) {
      throw wrong();
    }
    boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!http
        || uri.getHost() == null
        || uri.getRawUserInfo() != null
        || uri.getRawQuery() != null
        || uri.getRawFragment() != null
        || base.length() > LONGEST
        || !base.matches("[!-~]+")) {
      throw wrong();
    }
  }

  private static IllegalArgumentException wrong() {
    return new IllegalArgumentException(
        "is an address such as http://pki.example.org/gridwarden, of at most "
            + LONGEST
            + " letters, without a query");
  }

  /** The list of an issuing authority. */
  String list(int issuing) {
    return base + "/crl/" + issuing;
  }

  /** Where to ask by OCSP. */
  String status() {
    return base + "/ocsp";
  }

  /** An issuing authority's certificate. */
  String issuer(int issuing) {
    return base + "/issuing/" + issuing;
  }
}
