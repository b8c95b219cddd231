package org.gridwarden.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.gridwarden.core.Received;

/** Notes messages of meters that nobody has registered, in the transaction that refuses them. */
@FunctionalInterface
interface WaitingList {
  void note(Connection c, List<Received> unknown) throws SQLException;
}
