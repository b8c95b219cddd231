package org.gridwarden.security.certificate;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Whom a certificate is for. It stands in the subject ({@code CN}, and a meter's system title as
 * {@code serialNumber}) for people, and as URIs in the subject's alternative names, from where
 * alone it is read: {@code urn:gridwarden:meter:GW-1} and {@code urn:gridwarden:title:4757…}.
 *
 * @param kind what it is
 * @param name a meter's id, a user's name, a machine's; 1 to 64 letters, digits and {@code . - _ :}
 * @param systemTitle a meter's 8-byte DLMS system title; empty where it has none
 */
@SuppressWarnings("ArrayRecordComponent") // copied in and out below
public record Holder(Kind kind, String name, byte[] systemTitle) {
  /** What has certificates. */
  public enum Kind {
    METER,
    CONCENTRATOR,
    /** The console. */
    SERVER,
    /** The office at its device ports. */
    OFFICE,
    /** Another system at the API. */
    MACHINE,
    OPERATOR;

    /** As it stands in certificates, files and on the command line. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** By its word. */
    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(k -> k.word().equals(word)).findFirst();
    }
  }

  static final String URN = "urn:gridwarden:";
  private static final String TITLE = URN + "title:";
  private static final int TITLE_BYTES = 8;
  private static final int URI = 6; // RFC 5280, 4.2.1.6: uniformResourceIdentifier [6]
  private static final int MOST_NAMES = 16;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._:-]{1,64}");

  /**
   * @throws IllegalArgumentException where the name or title cannot be certified
   */
  public Holder {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a certificate's name is 1 to 64 letters, digits and . - _ :");
    }
    if (systemTitle.length != 0 && systemTitle.length != TITLE_BYTES) {
      throw new IllegalArgumentException("a system title has 8 bytes");
    }
    systemTitle = systemTitle.clone();
  }

  /** A meter, with its system title or none. */
  public static Holder meter(String id, byte[] systemTitle) {
    return new Holder(Kind.METER, id, systemTitle);
  }

  /** What is no meter. */
  public static Holder of(Kind kind, String name) {
    return new Holder(kind, name, new byte[0]);
  }

  /** Whom a certificate names; empty where that is nobody, or more than one. */
  public static Optional<Holder> of(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    if (names == null || names.size() > MOST_NAMES) {
      return Optional.empty();
    }
    Optional<Holder> found = Optional.empty();
    byte[] title = {};
    for (List<?> name : names) {
      if (!Integer.valueOf(URI).equals(name.get(0)) || !(name.get(1) instanceof String uri)) {
        continue;
      }
      try {
        if (uri.startsWith(TITLE)) {
          title = HexFormat.of().parseHex(uri.substring(TITLE.length()));
        } else if (uri.startsWith(URN)) {
          String rest = uri.substring(URN.length());
          int colon = rest.indexOf(':');
          Optional<Kind> kind = colon < 0 ? Optional.empty() : Kind.of(rest.substring(0, colon));
          if (kind.isEmpty() || found.isPresent()) {
            return Optional.empty();
          }
          found = Optional.of(of(kind.get(), rest.substring(colon + 1)));
        }
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    byte[] its = title;
    return found.map(h -> new Holder(h.kind, h.name, its));
  }

  /** The URI that names it. */
  String uri() {
    return URN + kind.word() + ":" + name;
  }

  /** The URI of its system title; empty where it has none. */
  Optional<String> titleUri() {
    return systemTitle.length == 0
        ? Optional.empty()
        : Optional.of(TITLE + HexFormat.of().withUpperCase().formatHex(systemTitle));
  }

  @Override
  public byte[] systemTitle() {
    return systemTitle.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Holder that
        && kind == that.kind
        && name.equals(that.name)
        && Arrays.equals(systemTitle, that.systemTitle);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return kind.word() + " " + name;
  }
}
