package com.example.libraries;

import com.example.libraries.audit.AuditMapper;
import com.example.libraries.orders.OrderMapper;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Writes to both databases with each library.
 */
@Service
public class Items {

	private final DSLContext orders;

	private final DSLContext audit;

	private final JdbcClient auditClient;

	private final OrderMapper orderMapper;

	private final AuditMapper auditMapper;

	private final ApplicationEventPublisher events;

	Items(DSLContext orders, @Qualifier("audit") DSLContext audit, @Qualifier("audit") JdbcClient auditClient,
			OrderMapper orderMapper, AuditMapper auditMapper, ApplicationEventPublisher events) {
		this.orders = orders;
		this.audit = audit;
		this.auditClient = auditClient;
		this.orderMapper = orderMapper;
		this.auditMapper = auditMapper;
		this.events = events;
	}

	@Transactional("orders")
	public void saveOrders(boolean fail) {
		insert(this.orders, "jooq");
		this.orderMapper.insert("mybatis");
		this.events.publishEvent(new ItemsSaved("orders"));
		failIf(fail);
	}

	@Transactional("audit")
	public void saveAudit(boolean fail) {
		insert(this.audit, "jooq");
		this.auditMapper.insert("mybatis");
		this.auditClient.sql("INSERT INTO item VALUES ('client')").update();
		failIf(fail);
	}

	@Transactional("audit")
	public void publishInTransactionOfAudit(boolean fail) {
		this.events.publishEvent(new ItemsSaved("audit"));
		failIf(fail);
	}

	private static void insert(DSLContext context, String name) {
		context.insertInto(DSL.table("item")).values(name).execute();
	}

	private static void failIf(boolean fail) {
		if (fail) {
			throw new IllegalStateException("Rolled back");
		}
	}

	/**
	 * Published with the transaction.
	 */
	public record ItemsSaved(String database) {

	}

}
