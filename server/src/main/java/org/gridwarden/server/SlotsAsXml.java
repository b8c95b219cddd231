package org.gridwarden.server;

import java.time.Instant;
import java.util.List;
import org.gridwarden.core.Quality;
import org.gridwarden.cosem.ScaledValue;
import org.gridwarden.store.Holds;
import org.gridwarden.store.Readings;

/** Writes slots as elements of XML. Not thread-safe. */
final class SlotsAsXml extends SlotsWithGaps {
  private final ReadingsXml out;
  private final List<Holds.Span> held;

  SlotsAsXml(ReadingsXml out, List<Holds.Span> held) {
    this.out = out;
    this.held = held;
  }

  @Override
  void missing(long start) {
    out.slot(Instant.ofEpochSecond(start).toString(), null, Fields.quality(Quality.MISSING));
  }

  @Override
  void present(long start, Readings.Scale scale, long raw, byte quality) {
    Instant begin = Instant.ofEpochSecond(start);
    out.slot(
        begin.toString(),
        new ScaledValue(raw, scale.scaler(), scale.unit()).plain(),
        ReadingApi.quality(quality, ReadingApi.held(held, begin, begin.plus(scale.interval()))));
  }
}
