package org.gridwarden.security;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.gridwarden.core.KeyAccess;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.WrappedKeys.Wrapped;
import org.gridwarden.security.keys.KeyCustodian;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends meters' keys: opens the wrapped ones with the office key and keeps a bounded number open. A
 * pair in shipped form is kept in local form after it was opened once. Keys lent out are not wiped
 * when the cache lets go of them, since a channel may be using them.
 *
 * <p>A key that does not open is as good as none: it is logged once (without a byte of it) and
 * counted, and the meter's messages are refused until it is shipped anew. Thread-safe; one opening
 * a meter however many ask.
 */
public final class OfficeKeyAccess implements KeyAccess {
  private static final Logger LOG = LoggerFactory.getLogger(OfficeKeyAccess.class);

  private final OfficeKey office;
  private final KeptKeys kept;
  private final Cache<Place, Optional<KeySet>> open;
  private final LongAdder unusable = new LongAdder();

  /** Keeps the keys of at most 200,000 (meter, purpose) pairs open. */
  public OfficeKeyAccess(OfficeKey office, KeptKeys kept) {
    this(office, kept, 200_000);
  }

  /**
   * @param atMost how many (meter, purpose) pairs are kept open, 1 or more
   */
  public OfficeKeyAccess(OfficeKey office, KeptKeys kept, int atMost) {
    if (atMost < 1) {
      throw new IllegalArgumentException("at least one key is kept open, not " + atMost);
    }
    this.office = office;
    this.kept = kept;
    this.open = Caffeine.newBuilder().maximumSize(atMost).build();
    kept.onChange(this::invalidate);
  }

  @Override
  public Optional<KeySet> keys(MeterId meter, Purpose purpose) {
    return lent(new Place(meter, purpose, false));
  }

  @Override
  public Optional<KeySet> pending(MeterId meter, Purpose purpose) {
    return lent(new Place(meter, purpose, true));
  }

  /** Where the custodian is away, those that were opened before are lent all the same. */
  private Optional<KeySet> lent(Place place) {
    try {
      return open.get(place, this::fetch);
    } catch (KeyCustodian.CustodianException e) {
      LOG.error("meter {}: its keys cannot be opened now: {}", place.meter, e.getMessage());
      return Optional.empty(); // not kept: asked again next time
    }
  }

  /** Forgets a meter's open keys: the next question reads them anew. */
  public void invalidate(MeterId meter) {
    for (Purpose purpose : Purpose.values()) {
      open.invalidate(new Place(meter, purpose, false));
      open.invalidate(new Place(meter, purpose, true));
    }
  }

  /** How often a stored key did not open since the start. */
  public long unusable() {
    return unusable.sum();
  }

  private Optional<KeySet> fetch(Place place) {
    Optional<Wrapped> found =
        place.pending
            ? kept.findPending(place.meter, place.purpose)
            : kept.find(place.meter, place.purpose);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Wrapped wrapped = found.get();
    try {
      KeySet keys = office.open(place.meter, place.purpose, wrapped);
      if (!KeyWrap.isLocal(wrapped.encryption())) {
        kept.keepLocal(
            place.meter, place.purpose, office.wrapLocally(place.meter, place.purpose, keys));
      }
      return Optional.of(keys);
    } catch (UnusableKeyException e) {
      unusable.increment();
      LOG.error(
          "meter {}: its {} key {} cannot be used: {}; ship it again, wrapped to key {}",
          place.meter,
          place.purpose,
          HexFormat.of().formatHex(wrapped.keyId()),
          e.getMessage(),
          office.fingerprint());
      return Optional.empty();
    }
  }

  private record Place(MeterId meter, Purpose purpose, boolean pending) {}
}
