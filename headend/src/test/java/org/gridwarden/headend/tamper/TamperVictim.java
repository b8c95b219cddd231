package org.gridwarden.headend.tamper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.gridwarden.core.MeterId;
import org.gridwarden.core.Severity;

/**
 * A process with an intake and a tamper desk, that is told of many opened casings at once, and is
 * killed while it is at it: {@code FOLDER PREFIX METERS}. It says of each when it is stored.
 */
final class TamperVictim {
  private TamperVictim() {}

  public static void main(String[] args) throws InterruptedException {
    Watch watch = new Watch(Path.of(args[0]));
    List<MeterId> meters = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(args[2]); i++) {
      meters.add(watch.meter(args[1] + i));
    }
    TamperDesk desk = watch.desk();
    try (ExecutorService pushes = Executors.newVirtualThreadPerTaskExecutor()) {
      for (MeterId meter : meters) {
        pushes.execute(() -> {
          watch.push(
              meter,
              Watch.warning(
                  meter, "tamper.meter-cover", Severity.CRITICAL, java.time.Instant.now()));
          synchronized (TamperVictim.class) {
            System.out.println("STORED " + meter.value());
            System.out.flush();
          }
        });
      }
    }
    Thread.sleep(java.time.Duration.ofMinutes(5)); // until it is killed
    desk.close();
  }
}
