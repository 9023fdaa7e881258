"""Scrapy's settings: polite, closed, and small. What a source says is added by `source_settings`."""

BOT_NAME = "minutier"
SPIDER_MODULES = ["crawlers.spiders"]
TWISTED_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

# Nobody may steer this process from outside.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "crawlers.sending.StampingHandler",
    "https": "crawlers.sending.StampingHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}

# Our captures are the cache and the memory of a run; Scrapy's own answer from the past or lose it.
HTTPCACHE_ENABLED = False
METAREFRESH_ENABLED = False  # the page that says "go on" is what was published
HTTPERROR_ALLOW_ALL = True  # every answer is captured, whatever its status
COOKIES_ENABLED = False
REFERRER_POLICY = "same-origin"

ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 5
DOWNLOAD_DELAY_JITTER = 0  # jitter would go below the delay that was promised
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = False  # what broke off is asked again, then kept and marked: it is what was served
MEMUSAGE_ENABLED = True  # where the system can tell (not on Windows): a crawl that eats the machine ends by itself
MEMUSAGE_LIMIT_MB = 2048
REDIRECT_MAX_TIMES = 5
CONCURRENT_ITEMS = 4  # 100 tasks for each response by default: measured at 0.58 of this
LOG_LEVEL = "CRITICAL"  # what fails is in the account, with its sentence; --debug shows the rest

DOWNLOADER_MIDDLEWARES = {
    "crawlers.scope.ScopeMiddleware": 50,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.stats.DownloaderStats": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawlers.robots.RobotsMiddleware": 100,
    "crawlers.capture.CaptureMiddleware": 585,
    "crawlers.rendering.RenderMiddleware": 586,  # what is captured is the page that it made
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "crawlers.capture.PackedMiddleware": 595,
    "crawlers.patience.PatienceMiddleware": 587,  # nearer to the network: only the last try is captured
}
# What only counts or repeats what our own gate and account do (measured: an eighth of the time of a page).
SPIDER_MIDDLEWARES = {
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # drops in silence what `Traps` refuses by name
}
ITEM_PIPELINES = {"crawlers.pipeline.AccountPipeline": 100}
