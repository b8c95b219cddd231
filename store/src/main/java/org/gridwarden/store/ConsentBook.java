package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Uuid7;
import org.jspecify.annotations.Nullable;

/**
 * Third parties and what consumers let them see. Of secrets, codes and tokens SHA-256 is kept. Each
 * change stands in the audit log, in its transaction. A consent counts while it is neither
 * withdrawn nor over, its third party is not revoked, its user is there and not disabled, and the
 * service point is still theirs: all of it is asked for each time. Thread-safe.
 */
public final class ConsentBook {
  /** How long a code can be exchanged for a token. */
  public static final Duration CODE_LIVES = Duration.ofMinutes(15);

  private static final String COLUMNS =
      "SELECT c.id, u.name, t.name, c.service_point, c.scope, c.given, c.until, c.withdrawn,"
          + " c.last_used, c.uses FROM consent c JOIN app_user u ON u.id = c.app_user"
          + " JOIN third_party t ON t.id = c.third_party";

  private static final String IN_FORCE =
      " AND c.withdrawn IS NULL AND c.until > ? AND t.revoked IS NULL AND NOT u.disabled"
          + " AND EXISTS (SELECT FROM "
          + CustomerPoints.NOW
          + " p WHERE p.app_user = u.id AND p.service_point = c.service_point)";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Transactions transactions;
  private final InstantSource clock;

  ConsentBook(Transactions transactions, InstantSource clock) {
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Registers a third party.
   *
   * @return false where its name or client id is another's, or was
   */
  public boolean register(
      String name, String contact, String clientId, byte[] secretHash, Actor by) {
    return transactions.run(
        "registering a third party",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO third_party (registered, name, contact, client_id, secret_hash,"
                      + " registered_by) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")) {
            s.setObject(1, now());
            s.setString(2, name);
            s.setString(3, contact);
            s.setString(4, clientId);
            s.setBytes(5, secretHash);
            s.setString(6, by.name());
            return s.executeUpdate() == 1 && audited(c, by, "third-party.registered", name);
          }
        });
  }

  /** Ends a third party's rights for good; false where there is none in force. */
  public boolean revoke(String name, Actor by) {
    return transactions.run(
        "revoking a third party",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE third_party SET revoked = ?, revoked_by = ?"
                      + " WHERE name = ? AND revoked IS NULL")) {
            s.setObject(1, now());
            s.setString(2, by.name());
            s.setString(3, name);
            return s.executeUpdate() == 1 && audited(c, by, "third-party.revoked", name);
          }
        });
  }

  /** All third parties, by name. */
  public List<ThirdParty> thirdParties() {
    return transactions.run(
        "listing third parties",
        c -> {
          List<ThirdParty> found = new ArrayList<>();
          try (PreparedStatement s =
                  c.prepareStatement(
                      "SELECT id, name, contact, client_id, registered, registered_by, revoked,"
                          + " revoked_by FROM third_party ORDER BY lower(name)");
              ResultSet r = s.executeQuery()) {
            while (r.next()) {
              found.add(
                  new ThirdParty(
                      r.getLong(1),
                      r.getString(2),
                      r.getString(3),
                      r.getString(4),
                      instant(r.getObject(5, OffsetDateTime.class)).orElseThrow(),
                      r.getString(6),
                      instant(r.getObject(7, OffsetDateTime.class)),
                      r.getString(8)));
            }
          }
          return found;
        });
  }

  /**
   * Gives a consent.
   *
   * @param codeHash of the code that the third party exchanges for its token
   * @return empty where there is no such third party in force, or the service point is not the
   *     user's
   */
  public Optional<Consent> give(
      String user,
      String thirdParty,
      String servicePoint,
      String scope,
      Instant until,
      byte[] codeHash,
      Actor by) {
    UUID id = Uuid7.of(clock.instant(), RANDOM.nextLong(), RANDOM.nextLong());
    return transactions.run(
        "giving a consent",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "INSERT INTO consent (id, app_user, third_party, given, until, service_point,"
                      + " scope, code_expires, code_hash)"
                      + " SELECT ?, u.id, t.id, ?, ?, p.service_point, ?, ?, ?"
                      + " FROM app_user u JOIN "
                      + CustomerPoints.NOW
                      + " p ON p.app_user = u.id CROSS JOIN third_party t"
                      + " WHERE lower(u.name) = lower(?) AND p.service_point = ? AND t.name = ? AND t.revoked IS NULL")) {
            s.setObject(1, id);
            s.setObject(2, now());
            s.setObject(3, until.atOffset(ZoneOffset.UTC));
            s.setString(4, scope);
            s.setObject(5, clock.instant().plus(CODE_LIVES).atOffset(ZoneOffset.UTC));
            s.setBytes(6, codeHash);
            s.setObject(7, now());
            s.setString(8, user);
            s.setString(9, servicePoint);
            s.setString(10, thirdParty);
            if (s.executeUpdate() != 1) {
              return Optional.<Consent>empty();
            }
          }
          audited(
              c,
              by,
              "consent.given",
              user + " to " + thirdParty + " " + servicePoint + " until " + until + " " + id);
          return one(c, " WHERE c.id = ?", id);
        });
  }

  /** Takes a user's consent back; false where there is none that counts. */
  public boolean withdraw(String user, UUID id, Actor by) {
    return transactions.run(
        "withdrawing a consent",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE consent SET withdrawn = ?, code_hash = NULL, token_hash = NULL"
                      + " WHERE id = ? AND withdrawn IS NULL"
                      + " AND app_user = (SELECT id FROM app_user WHERE lower(name) = lower(?))")) {
            s.setObject(1, now());
            s.setObject(2, id);
            s.setString(3, user);
            return s.executeUpdate() == 1 && audited(c, by, "consent.withdrawn", user + " " + id);
          }
        });
  }

  /** A user's consents, the newest first. */
  public List<Consent> of(String user) {
    return transactions.run(
        "listing consents",
        c -> {
          try (PreparedStatement s =
              c.prepareStatement(
                  COLUMNS + " WHERE lower(u.name) = lower(?) ORDER BY c.given DESC LIMIT 1000")) {
            s.setString(1, user);
            return read(s);
          }
        });
  }

  /**
   * Exchanges a code for a token, once.
   *
   * @return empty where client, secret and code do not belong together, or the consent does not
   *     count
   */
  public Optional<Consent> exchange(
      String clientId, byte[] secretHash, byte[] codeHash, byte[] tokenHash) {
    return transactions.run(
        "exchanging a code",
        c -> {
          UUID id;
          try (PreparedStatement s =
              c.prepareStatement(
                  "UPDATE consent k SET code_hash = NULL, token_hash = ?"
                      + " FROM (SELECT c.id, t.name FROM consent c JOIN app_user u ON u.id = c.app_user"
                      + " JOIN third_party t ON t.id = c.third_party WHERE c.code_hash = ?"
                      + " AND t.client_id = ? AND t.secret_hash = ? AND c.code_expires > ?"
                      + IN_FORCE
                      + " FOR UPDATE OF c) f WHERE k.id = f.id AND k.code_hash IS NOT NULL"
                      + " RETURNING k.id, f.name")) {
            s.setBytes(1, tokenHash);
            s.setBytes(2, codeHash);
            s.setString(3, clientId);
            s.setBytes(4, secretHash);
            s.setObject(5, now());
            s.setObject(6, now());
            s.setObject(7, now());
            try (ResultSet r = s.executeQuery()) {
              if (!r.next()) {
                return Optional.<Consent>empty();
              }
              id = r.getObject(1, UUID.class);
              audited(
                  c,
                  new Actor(Actor.Kind.MACHINE, r.getString(2)),
                  "consent.token-given",
                  id.toString());
            }
          }
          return one(c, " WHERE c.id = ?", id);
        });
  }

  /** The consent that a token stands for, where it counts; its use is noted. */
  public Optional<Consent> use(byte[] tokenHash) {
    return transactions.run(
        "asking for a consent",
        c -> {
          Optional<Consent> found;
          try (PreparedStatement s =
              c.prepareStatement(COLUMNS + " WHERE c.token_hash = ?" + IN_FORCE)) {
            s.setBytes(1, tokenHash);
            s.setObject(2, now());
            s.setObject(3, now());
            found = read(s).stream().findFirst();
          }
          if (found.isPresent()) {
            try (PreparedStatement s =
                c.prepareStatement(
                    "UPDATE consent SET last_used = ?, uses = uses + 1 WHERE id = ?")) {
              s.setObject(1, now());
              s.setObject(2, found.get().id());
              s.executeUpdate();
            }
          }
          return found;
        });
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }

  private static Optional<Consent> one(Connection c, String which, UUID id) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COLUMNS + which)) {
      s.setObject(1, id);
      return read(s).stream().findFirst();
    }
  }

  private boolean audited(Connection c, Actor by, String action, String detail)
      throws SQLException {
    StoredAuditLog.append(c, clock.instant(), by, action, detail.getBytes(StandardCharsets.UTF_8));
    return true;
  }

  private static List<Consent> read(PreparedStatement s) throws SQLException {
    List<Consent> found = new ArrayList<>();
    try (ResultSet r = s.executeQuery()) {
      while (r.next()) {
        found.add(
            new Consent(
                r.getObject(1, UUID.class),
                r.getString(2),
                r.getString(3),
                r.getString(4),
                r.getString(5),
                instant(r.getObject(6, OffsetDateTime.class)).orElseThrow(),
                instant(r.getObject(7, OffsetDateTime.class)).orElseThrow(),
                instant(r.getObject(8, OffsetDateTime.class)),
                instant(r.getObject(9, OffsetDateTime.class)),
                r.getLong(10)));
      }
    }
    return found;
  }

  private static Optional<Instant> instant(@Nullable OffsetDateTime time) {
    return Optional.ofNullable(time).map(OffsetDateTime::toInstant);
  }
}
