package akkasinks.cluster;

import akkasinks.base.Failure;
import akkasinks.pipeline.SinkRunner;
import akkasinks.progress.ProgressRecord;
import java.time.Duration;
import org.apache.pekko.actor.typed.ActorRef;

/** Turns what a run tells, on threads of its own, into messages to its actor. */
record RunEvents(long run, Runs runs, ActorRef<SinkActor.Message> actor)
    implements SinkRunner.Events {
  @Override
  public void attempting(long incarnation) {
    actor.tell(new SinkSignal.Attempting(incarnation));
  }

  @Override
  public void started(ProgressRecord record, long offset, Duration handOver) {
    actor.tell(new SinkSignal.Began(run, record, offset, handOver));
  }

  @Override
  public void committed(ProgressRecord record, long offset) {
    runs.committed(run, record, offset);
  }

  @Override
  public void failed(Failure failure) {
    actor.tell(new SinkSignal.Broke(run, failure));
  }
}
