package com.example.observed;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import com.mongodb.observability.ObservabilitySettings;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;
import org.springframework.context.annotation.Bean;

@SpringBootApplication
class ObservedApplication {

	public static void main(String[] args) {
		SpringApplication.run(ObservedApplication.class, args);
	}

	@Bean
	MongoClientSettingsBuilderCustomizer observation(ObservationRegistry observations) {
		return (builder) -> builder.observabilitySettings(
				ObservabilitySettings.micrometerBuilder().observationRegistry(observations).build());
	}

	@Bean
	Observed observed() {
		return new Observed();
	}

	/** What was observed of databases, in the order in which it ended. */
	static final class Observed implements ObservationHandler<Observation.Context> {

		private final List<String> names = new CopyOnWriteArrayList<>();

		@Override
		public void onStop(Observation.Context context) {
			this.names.add(context.getName());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context.getName().startsWith("jdbc") || context.getName().startsWith("mongodb");
		}

		List<String> names() {
			return List.copyOf(this.names);
		}

		long count(String name) {
			return this.names.stream().filter(name::equals).count();
		}

		void clear() {
			this.names.clear();
		}

	}

}
