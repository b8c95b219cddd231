package org.gridwarden.store;

import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.gridwarden.core.Actor;
import org.gridwarden.core.Fault;
import org.gridwarden.core.MeterId;

/** Names and places of power strips' outlets. Thread-safe. */
public final class OutletBook {
  private final Transactions transactions;
  private final Dictionary dictionary;
  private final InstantSource clock;

  OutletBook(Transactions transactions, Dictionary dictionary, InstantSource clock) {
    this.transactions = transactions;
    this.dictionary = dictionary;
    this.clock = clock;
  }

  /** What was said of a meter's outlets, by number; nothing of a meter that is not registered. */
  public List<Outlet> of(MeterId meter) {
    int inner = dictionary.meter(meter).orElse(-1);
    return transactions.run(
        "reading outlets",
        c -> {
          List<Outlet> all = new ArrayList<>();
          try (PreparedStatement s =
              c.prepareStatement(
                  "SELECT number, name, place, appliance, standby_w, since, said_by FROM outlet"
                      + " WHERE meter = ? ORDER BY number")) {
            s.setInt(1, inner);
            try (ResultSet r = s.executeQuery()) {
              while (r.next()) {
                all.add(
                    new Outlet(
                        meter,
                        r.getInt(1),
                        r.getString(2),
                        r.getString(3),
                        r.getString(4),
                        r.getInt(5),
                        r.getObject(6, OffsetDateTime.class).toInstant(),
                        r.getString(7)));
              }
            }
          }
          return all;
        });
  }

  /**
   * Says how an outlet is called, where it is and what is plugged in; it takes the place of what
   * was said before. Audited, without the words: a household's rooms are its own business.
   *
   * @param outlet its time and author are not heeded: it is said now, by this one
   * @throws StoreException where the meter is not registered
   */
  public void put(Outlet outlet, Actor by) {
    int inner =
        dictionary
            .meter(outlet.meter())
            .orElseThrow(() ->
                StoreException.at(
                    Fault.Code.UNKNOWN_METER, "meter " + outlet.meter(), "is not registered"));
    var unused =
        transactions.run(
            "naming an outlet",
            c -> {
              try (PreparedStatement s =
                  c.prepareStatement(
                      "INSERT INTO outlet (since, meter, number, name, place, appliance, standby_w,"
                          + " said_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (meter, number)"
                          + " DO UPDATE SET since = excluded.since, name = excluded.name, place ="
                          + " excluded.place, appliance = excluded.appliance, standby_w ="
                          + " excluded.standby_w, said_by = excluded.said_by")) {
                s.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
                s.setInt(2, inner);
                s.setInt(3, outlet.number());
                s.setString(4, outlet.name());
                s.setString(5, outlet.place());
                s.setString(6, outlet.appliance());
                s.setInt(7, outlet.standbyWatts());
                s.setString(8, by.name());
                s.executeUpdate();
              }
              StoredAuditLog.append(
                  c,
                  clock.instant(),
                  by,
                  "outlet.named",
                  (outlet.meter() + "/" + outlet.number()).getBytes(StandardCharsets.UTF_8));
              return true;
            });
  }
}
