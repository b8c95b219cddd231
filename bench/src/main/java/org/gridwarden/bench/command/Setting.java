package org.gridwarden.bench.command;

import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.store.Store;

/** An office's database, and meters that it reaches. */
interface Setting extends AutoCloseable {
  Store store();

  MeterDirectory directory();

  MeterWay way();

  /** Who may be commanded. */
  List<MeterId> meters();

  /** The key that a meter signs its receipts with. */
  Optional<PublicKey> receiptKey(MeterId meter);
}
