package org.gridwarden.store.backup;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import org.gridwarden.security.backup.BackupException;

/** A repository is outside bytes: a snapshot's file, and the list of files in it. */
class SnapshotFuzz {
  @FuzzTest(maxDuration = "10s")
  void anyBytesAreASnapshotOrRefused(byte[] bytes) {
    try {
      SnapshotFile file = SnapshotFile.decode(bytes);
      assertThat(file.chunks().size()).isLessThanOrEqualTo(bytes.length / ChunkName.BYTES);
    } catch (BackupException e) {
      assertThat(e).hasMessageContaining("it is");
    }
    try {
      Manifest.decode(bytes, 3)
          .entries()
          .forEach(entry -> assertThat(Manifest.inside(entry.path())).isTrue());
    } catch (BackupException e) {
      assertThat(e).hasMessageContaining("its list of files");
    }
  }
}
