package org.gridwarden.security.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * How certificates of one kind of holder are made; from {@code profiles.properties}.
 *
 * @param kind whose
 * @param lasts from its issue to its end
 * @param renew how long before its end the next one is due
 * @param usages the ends of TLS that it may stand at
 */
public record CertificateProfile(
    Holder.Kind kind, Duration lasts, Duration renew, Set<Usage> usages) {
  /** An end of TLS. */
  public enum Usage {
    CLIENT("1.3.6.1.5.5.7.3.2"),
    SERVER("1.3.6.1.5.5.7.3.1");

    private final String oid;

    Usage(String oid) {
      this.oid = oid;
    }

    /** The extended key usage (RFC 5280, 4.2.1.12). */
    String oid() {
      return oid;
    }
  }

  public CertificateProfile {
    usages = Set.copyOf(usages);
    if (!renew.isPositive() || renew.compareTo(lasts) >= 0 || usages.isEmpty()) {
      throw new IllegalArgumentException("the profile " + kind.word() + " makes no sense");
    }
  }

  private static final Map<Holder.Kind, CertificateProfile> ALL = load();

  /** The profile of a kind of holder. */
  public static CertificateProfile of(Holder.Kind kind) {
    CertificateProfile found = ALL.get(kind);
    if (found == null) {
      throw new IllegalStateException("there is no profile " + kind.word());
    }
    return found;
  }

  private static Map<Holder.Kind, CertificateProfile> load() {
    Properties file = new Properties();
    try (InputStream in = CertificateProfile.class.getResourceAsStream("profiles.properties")) {
      if (in == null) {
        throw new IllegalStateException("profiles.properties is missing from the jar");
      }
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<Holder.Kind, CertificateProfile> all = new EnumMap<>(Holder.Kind.class);
    for (Holder.Kind kind : Holder.Kind.values()) {
      Set<Usage> usages = EnumSet.noneOf(Usage.class);
      for (String word : text(file, kind, "usages").split(",", -1)) {
        usages.add(Usage.valueOf(word.strip().toUpperCase(Locale.ROOT)));
      }
      all.put(
          kind,
          new CertificateProfile(
              kind, days(file, kind, "days"), days(file, kind, "renew"), usages));
    }
    return all;
  }

  private static Duration days(Properties file, Holder.Kind kind, String key) {
    return Duration.ofDays(Long.parseLong(text(file, kind, key)));
  }

  private static String text(Properties file, Holder.Kind kind, String key) {
    String value = file.getProperty(kind.word() + "." + key);
    if (value == null) {
      throw new IllegalStateException("profiles.properties has no " + kind.word() + "." + key);
    }
    return value.strip();
  }
}
