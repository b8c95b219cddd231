package org.gridwarden.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;

/** The database's schema, as its migrations number it. */
final class Schema {
  private Schema() {}

  static Flyway flyway(DataSource source) {
    return Flyway.configure()
        .dataSource(source)
        .locations("classpath:db/migration")
        .failOnMissingLocations(true)
        .load();
  }

  /**
   * Runs the migrations that are missing.
   *
   * @throws StoreException where a newer version wrote the database: it is left as it is
   */
  static void bringUpToDate(DataSource source, Upgrade upgrade) {
    Flyway flyway = flyway(source);
    var info = flyway.info();
    String newest = "";
    for (MigrationInfo migration : info.all()) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        throw StoreException.at(
            "database schema",
            "it was written by a newer Gridwarden (schema "
                + migration.getVersion()
                + ", this one knows up to "
                + newest
                + "): start that version, or restore a backup that this one made");
      }
      newest = String.valueOf(migration.getVersion());
    }
    if (info.current() != null && info.pending().length > 0) {
      upgrade.before(String.valueOf(info.current().getVersion()), newest);
    }
    flyway.migrate();
  }
}
