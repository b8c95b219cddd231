package org.gridwarden.bench.command;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterDirectory;
import org.gridwarden.core.MeterId;
import org.gridwarden.headend.command.MeterWay;
import org.gridwarden.store.Store;
import org.gridwarden.store.StoreSettings;

/** Meters in this process, without a network. */
record DeskSetting(Store store, DeskTown town) implements Setting {
  static DeskSetting open(
      Path folder, int meters, KeyPair meterKey, PublicKey operator, InstantSource clock) {
    return new DeskSetting(
        Store.open(StoreSettings.embedded(folder), clock),
        new DeskTown(meters, meterKey, operator, clock));
  }

  @Override
  public MeterDirectory directory() {
    return town;
  }

  @Override
  public MeterWay way() {
    return town;
  }

  @Override
  public List<MeterId> meters() {
    return town.meters();
  }

  @Override
  public Optional<PublicKey> receiptKey(MeterId meter) {
    return Optional.of(town.receiptKey());
  }

  @Override
  public void close() {
    store.close();
  }
}
