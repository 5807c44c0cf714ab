package com.example.libraries;

import javax.sql.DataSource;

import com.example.libraries.audit.AuditMapper;
import com.example.libraries.orders.OrderMapper;
import org.apache.ibatis.session.SqlSessionFactory;
import org.mybatis.spring.SqlSessionFactoryBean;
import org.mybatis.spring.annotation.MapperScan;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The mappers of MyBatis for each database.
 */
@Configuration(proxyBeanMethods = false)
@MapperScan(basePackageClasses = OrderMapper.class, sqlSessionFactoryRef = "sqlSessionFactory")
@MapperScan(basePackageClasses = AuditMapper.class, sqlSessionFactoryRef = "auditSqlSessionFactory")
class MyBatisConfiguration {

	@Bean(defaultCandidate = false)
	SqlSessionFactoryBean auditSqlSessionFactory(@Qualifier("audit") DataSource dataSource) {
		SqlSessionFactoryBean factory = new SqlSessionFactoryBean();
		factory.setDataSource(dataSource);
		return factory;
	}

}
