package com.example.outage;

import org.springframework.boot.autoconfigure.SpringBootApplication;

@SpringBootApplication
public class OutageApplication {

}
