"""LogoDownloader: where logos of teams are filed, and how a missing one is had from ESPN or drawn instead (contract 1.8).

Relative paths are relative to the runtime root, which is the working directory of every host.
"""

from __future__ import annotations

import io
import logging
import re
import tempfile
from pathlib import Path

import requests
from PIL import Image, ImageDraw, ImageFont

from display_app.toolkit.http import ESPN_SITE, get_json, new_session

logger = logging.getLogger(__name__)

SPORTS_FOLDER = Path("assets/sports")
OWN_FOLDER = frozenset({"nfl", "nba", "wnba", "mlb", "nhl"})
COLLEGE = frozenset({"fcs", "ncaam", "ncaaw"})
ESPN_LEAGUES = {
    "nfl": "football/nfl",
    "nba": "basketball/nba",
    "wnba": "basketball/wnba",
    "mlb": "baseball/mlb",
    "nhl": "hockey/nhl",
    "fcs": "football/college-football",
    "ncaa_fb": "football/college-football",
    "ncaa_fb_all": "football/college-football",
    "ncaa_baseball": "baseball/college-baseball",
    "ncaam": "basketball/mens-college-basketball",
    "ncaaw": "basketball/womens-college-basketball",
    "ncaam_basketball": "basketball/mens-college-basketball",
    "ncaaw_basketball": "basketball/womens-college-basketball",
    "ncaam_hockey": "hockey/mens-college-hockey",
    "ncaaw_hockey": "hockey/womens-college-hockey",
    "ncaam_lacrosse": "lacrosse/mens-college-lacrosse",
    "ncaaw_lacrosse": "lacrosse/womens-college-lacrosse",
}
LARGEST_BYTES = 4 * 1024 * 1024
PLACEHOLDER_SIZE = 64
LEAGUE_SECONDS = 10.0


class LogoDownloader:
    """Files logos as RGBA PNG under `assets/sports/<league>_logos/<ABBREVIATION>.png`."""

    def __init__(self, request_timeout: float = 30, retry_attempts: int = 3) -> None:
        self.request_timeout = request_timeout
        self.retry_attempts = retry_attempts
        self.session = new_session(retries=retry_attempts)

    def get_logo_directory(self, league: str) -> str:
        """Return the absolute path of a league's folder; ValueError for a name that is none."""
        return str((Path.cwd() / SPORTS_FOLDER / f"{_folder_name(league)}_logos").absolute())

    @staticmethod
    def normalize_abbreviation(abbreviation: str) -> str:
        """Return the abbreviation as a file name: capitals, `&` as AND, what file systems dislike as `_`."""
        return re.sub(r'[/\\:*?"<>|]', "_", abbreviation.upper().replace("&", "AND"))

    @staticmethod
    def get_logo_filename_variations(abbreviation: str) -> list[str]:
        """Return the file names under which a logo may lie."""
        return [f"{abbreviation}.png", f"{LogoDownloader.normalize_abbreviation(abbreviation)}.png"]

    def ensure_logo_directory(self, logo_dir: str | Path) -> bool:
        """Create a folder; False when that is not possible."""
        try:
            Path(logo_dir).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            logger.warning("The folder %s cannot be made: %s", logo_dir, error)
            return False
        return True

    def download_logo(self, logo_url: str, logo_path: str | Path, team_abbreviation: str) -> bool:
        """Fetch a picture and file it as RGBA PNG; False when it cannot be had or is no picture."""
        try:
            with self.session.get(logo_url, timeout=self.request_timeout, stream=True) as response:
                response.raise_for_status()
                data = response.raw.read(LARGEST_BYTES + 1, decode_content=True)
            if len(data) > LARGEST_BYTES:
                raise ValueError("it is too large")
            with Image.open(io.BytesIO(data)) as picture:
                _save(picture.convert("RGBA"), Path(logo_path))
        except (requests.RequestException, OSError, ValueError, Image.DecompressionBombError) as error:
            logger.warning("The logo of %s cannot be had: %s", team_abbreviation, error)
            return False
        return True

    def create_placeholder_logo(self, team_abbreviation: str, logo_dir: str | Path) -> bool:
        """File a grey square with the team's letters in `logo_dir`; False when it cannot be written."""
        return _save_placeholder(team_abbreviation, Path(logo_dir) / f"{self.normalize_abbreviation(team_abbreviation)}.png")

    def download_missing_logo_for_team(self, league: str, team_id: str, team_abbreviation: str, logo_path: str | Path) -> bool:
        """Ask ESPN where a team's logo is and fetch it; False when that fails."""
        address = ESPN_LEAGUES.get(league) or (f"soccer/{league.removeprefix('soccer_')}" if league.startswith("soccer_") else None)
        if address is None or not team_id:
            return False
        try:
            answer = get_json(self.session, f"{ESPN_SITE}/{address}/teams/{team_id}", timeout=min(self.request_timeout, LEAGUE_SECONDS))
            url = answer["team"]["logos"][0]["href"]
        except (requests.RequestException, LookupError, TypeError) as error:
            logger.warning("ESPN does not say where the logo of %s is: %s", team_abbreviation, error)
            return False
        return self.download_logo(url, logo_path, team_abbreviation)


def download_missing_logo(
    league: str,
    team_id: str,
    team_abbreviation: str,
    logo_path: str | Path,
    logo_url: str | None = None,
    create_placeholder: bool = True,
) -> bool:
    """Make sure that a logo is filed: there already, from `logo_url`, from ESPN, or drawn; False when it is not there afterwards."""
    path = Path(logo_path)
    if path.exists():
        return True
    downloader = LogoDownloader(request_timeout=LEAGUE_SECONDS, retry_attempts=1)
    if logo_url and downloader.download_logo(logo_url, path, team_abbreviation):
        return True
    if downloader.download_missing_logo_for_team(league, team_id, team_abbreviation, path):
        return True
    return create_placeholder and _save_placeholder(team_abbreviation, path)


def get_soccer_league_key(league_code: str) -> str:
    """Return the name under which a soccer league is known here, as in `soccer_eng.1`."""
    return f"soccer_{league_code}"


def _folder_name(league: str) -> str:
    if league in OWN_FOLDER:
        return league
    if league in COLLEGE or league.startswith("ncaa"):
        return "ncaa"
    if league.startswith("soccer_"):
        return "soccer"
    if re.fullmatch(r"[a-z0-9_-]+", league):
        return league
    raise ValueError(f"{league!r} is not the name of a league")


def _save_placeholder(team_abbreviation: str, path: Path) -> bool:
    letters = re.sub(r"[^A-Z0-9]", "", team_abbreviation.upper())[:4] or "?"
    picture = Image.new("RGBA", (PLACEHOLDER_SIZE, PLACEHOLDER_SIZE), (96, 96, 96, 255))
    middle = PLACEHOLDER_SIZE // 2
    ImageDraw.Draw(picture).text((middle, middle), letters, font=ImageFont.load_default(20), fill="white", anchor="mm")
    try:
        _save(picture, path)
    except OSError as error:
        logger.warning("The logo of %s cannot be written: %s", team_abbreviation, error)
        return False
    return True


def _save(picture: Image.Image, path: Path) -> None:
    """Write by rename, so that another thread or process never reads half a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as file:
        picture.save(file, "PNG")
    Path(file.name).chmod(0o664)
    Path(file.name).replace(path)
