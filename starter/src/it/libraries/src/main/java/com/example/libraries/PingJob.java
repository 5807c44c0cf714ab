package com.example.libraries;

import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A job of Quartz that writes to {@code orders}.
 */
public class PingJob implements Job {

	private final JdbcClient client;

	PingJob(@Qualifier("orders") JdbcClient client) {
		this.client = client;
	}

	@Override
	public void execute(JobExecutionContext context) {
		this.client.sql("INSERT INTO item VALUES (?)").param("quartz").update();
	}

	@Configuration(proxyBeanMethods = false)
	static class PingConfiguration {

		@Bean
		JobDetail ping() {
			return JobBuilder.newJob(PingJob.class).withIdentity("ping").storeDurably().build();
		}

	}

}
