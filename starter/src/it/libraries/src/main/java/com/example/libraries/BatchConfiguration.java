package com.example.libraries;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.batch.infrastructure.repeat.RepeatStatus;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * A job that writes to {@code orders}: its steps have the transactions of this database.
 */
@Configuration(proxyBeanMethods = false)
class BatchConfiguration {

	@Bean
	Job importJob(JobRepository jobRepository, @Qualifier("orders") PlatformTransactionManager transactionManager,
			@Qualifier("orders") JdbcClient client) {
		Step step = new StepBuilder("import", jobRepository).tasklet((contribution, chunk) -> {
			client.sql("INSERT INTO item VALUES (?)").param("batch").update();
			if (Boolean.TRUE.equals(chunk.getStepContext().getJobParameters().get("fail"))) {
				throw new IllegalStateException("Rolled back");
			}
			return RepeatStatus.FINISHED;
		}, transactionManager).build();
		return new JobBuilder("import", jobRepository).start(step).build();
	}

}
