package akkasinks.control.relations;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One row of a relation, cell by cell, in PostgreSQL's texts. */
final class Cells {
  private final List<Optional<String>> cells = new ArrayList<>();

  /** Empty stands for NULL. */
  Cells text(String text) {
    cells.add(text.isEmpty() ? Optional.empty() : Optional.of(text));
    return this;
  }

  Cells text(Optional<String> text) {
    cells.add(text);
    return this;
  }

  Cells number(long number) {
    cells.add(Optional.of(Long.toString(number)));
    return this;
  }

  Cells number(Optional<Long> number) {
    cells.add(number.map(n -> Long.toString(n)));
    return this;
  }

  Cells flag(boolean flag) {
    cells.add(Optional.of(flag ? "t" : "f"));
    return this;
  }

  Cells time(Optional<Instant> time) {
    cells.add(time.map(at -> EngineValues.time(OffsetDateTime.ofInstant(at, ZoneOffset.UTC))));
    return this;
  }

  Cells none() {
    cells.add(Optional.empty());
    return this;
  }

  List<Optional<String>> row() {
    return List.copyOf(cells);
  }
}
